"""A program in words, chapter by chapter, each sentence with the line of the kit that it comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.kit import Kit, Milestone, Occasion, Pathway, Session, fulfilled_when
from domain.kit.own_pages import IN_WORDS
from domain.kit.promising import MEANINGS
from domain.values import counted, either, say_duration, together
from domain.words import by_role, plain
from kits.lines import Lines
from kits.oversight import evidence_in_words, growth_in_words, review_in_words
from kits.policy import Told, policy_in_words
from kits.words import durations, measure_in_words, routed_by, step_in_words


@dataclass(frozen=True, slots=True)
class Sentence:
    says: str
    source: str
    """The line of the kit, `program.yaml:52`; empty for what is no rule of the kit."""
    level: int = 0
    """How far it is indented."""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    sentences: Sequence[Sentence]


def explain(kit: Kit) -> list[Chapter]:
    """The whole program: every rule of the kit that does something has a sentence and its line."""
    lines = Lines(kit)
    pathways = [
        Chapter(f"Pathway {pathway.title} ({pathway.id})", [*_pathway(pathway, lines)]) for pathway in kit.pathways
    ]
    chapters = [
        Chapter("The promise", [*_promise(kit, lines)]),
        Chapter("Intake", [*_intake(kit, lines)]),
        Chapter("Which way", [*_routing(kit, lines)]),
        Chapter("Matching", [*_matching(kit, lines)]),
        *pathways,
        Chapter("Around every session", [*_around(kit, lines)]),
        Chapter("When something goes wrong", [*_escalations(kit, lines), *_breaks(kit, lines)]),
        Chapter("The end, and pauses", [*_ending(kit, lines)]),
        Chapter("What is written to people", [*_messages(kit, lines)]),
        Chapter("What mentors are given", [*_mentor_kit(kit, lines)]),
        Chapter("How sessions are judged, and what is asked", [*_quality(kit, lines)]),
        Chapter("How it is looked at each month", _told(review_in_words(kit), lines)),
        Chapter("How feedback is weighed", _told(evidence_in_words(kit), lines)),
        Chapter("How it grows", _told(growth_in_words(kit), lines)),
        Chapter("What is likely to go wrong", [*_pre_mortem(kit, lines)]),
        Chapter("What stays with people", [*_people(kit, lines)]),
    ]
    return [chapter for chapter in chapters if chapter.sentences]


def summary(kit: Kit) -> str:
    """In one paragraph, as the description of the diagram for those who cannot see it."""
    ways = "; ".join(
        f"{one.title}, for {routed_by(kit, one)}: {counted(len(one.sessions), 'session')} and "
        f"{counted(len(one.milestones), 'milestone')} in {say_duration(one.ends)}"
        for one in kit.pathways
    )
    rules = "; ".join(f"when {one.when.in_words()}, {measure_in_words(one.then)}" for one in kit.escalations) or "none"
    return f"Stages: intake, read by ops; matching; sessions; wrap-up; closed. Pathways: {ways}. Escalations: {rules}."


def _promise(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    promise = kit.promise
    yield Sentence(f"To {_lowered(promise.audience)}: {promise.outcome}.", lines.at("promise.outcome"))
    yield Sentence(f"{promise.cadence}; {_lowered(promise.support)}.", lines.at("promise.cadence"))
    measured = "; ".join(promise.measures)
    yield Sentence(
        f"It lasts {say_duration(promise.duration)}, and is measured by: {measured}.", lines.at("promise.measures")
    )
    if rule := fulfilled_when(kit):
        yield Sentence(f"A learner has what was promised when {rule}.", lines.at("promise.fulfilled_by"))
    for one in kit.outcome_meanings:
        yield Sentence(f"It counts as {MEANINGS[one.means]} that {one.in_words()}.", lines.at("outcome_meanings"))
    if kit.starts_at:
        yield Sentence(f"The term begins on {kit.starts_at:%d %b %Y, %H:%M} UTC for all.", lines.at("starts_at"))


def _intake(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    questions = kit.intake.questions
    must = sum(one.required for one in questions)
    yield Sentence(
        f"The learner is asked {len(questions)} questions, {must} of them mandatory.", lines.at("intake.questions")
    )
    for one in questions:
        options = f" ({either(one.options)})" if one.options else ""
        prompt = "" if one.required else " [optional]"
        yield Sentence(f"{one.ask}{options}{prompt}", lines.at(f"intake.questions.{one.id}"), 1)
    if kit.intake.reminders:
        after = durations(kit.intake.reminders)
        yield Sentence(f"Timer: the learner is reminded after {after}.", lines.at("intake.reminders"))
    within = say_duration(kit.intake.within)
    yield Sentence(f"Timer: after {within} it is given up, and the journey ends early.", lines.at("intake.within"))
    review = say_duration(kit.service_levels.intake_review)
    yield Sentence(
        f"Ops read it within {review}: approve, ask for more information, or decline with a reason.",
        lines.at("service_levels.intake_review"),
    )


def _routing(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for pathway in kit.pathways:
        if pathway.when:
            says = f"If {routed_by(kit, pathway)}: {pathway.title}."
        else:
            says = f"{routed_by(kit, pathway).capitalize()}: {pathway.title}."
        yield Sentence(says, lines.at(f"pathways.{pathway.id}.when" if pathway.when else f"pathways.{pathway.id}"))
    yield Sentence("The first that fits is taken; a reviewer may choose another.", "")
    for segment in kit.segments:
        known_by = "; ".join(map(_lowered, (segment.need, segment.urgency, segment.level)))
        yield Sentence(f"Segment {segment.title}: {known_by}.", lines.at(f"segments.{segment.id}"))


def _matching(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    levels = kit.service_levels
    yield Sentence(f"Ops find a mentor within {say_duration(levels.match)}.", lines.at("service_levels.match"))
    for criterion in kit.mentor_criteria:
        yield Sentence(f"A mentor: {criterion}", lines.at("mentor_criteria"), 1)
    if kit.matching.asks:
        asked = together(by_role(one) for one in kit.matching.asks)
        yield Sentence(f"An offered match holds when {asked} accepted it.", lines.at("matching.asks"))
        offer = say_duration(levels.offer)
        yield Sentence(
            f"Timer: after {offer} an offer lapses, and another mentor is wanted.", lines.at("service_levels.offer")
        )
    yield from _told(policy_in_words(kit), lines)
    most = kit.capacity.learners_per_mentor
    yield Sentence(f"A mentor takes on at most {most} learners.", lines.at("capacity.learners_per_mentor"))


def _told(those: Iterable[Told], lines: Lines) -> list[Sentence]:
    return [Sentence(one.says, lines.at(one.place), one.level) for one in those]


def _pathway(pathway: Pathway, lines: Lines) -> Iterator[Sentence]:
    where = f"pathways.{pathway.id}"
    yield Sentence(f"With a mentor of the kind: {pathway.mentor_type}.", lines.at(f"{where}.mentor_type"))
    if pathway.assets:
        yield Sentence(f"The learner is given {together(pathway.assets)}.", lines.at(f"{where}.assets"))
    steps: list[tuple[object, Session | Milestone]] = [(one.after, one) for one in pathway.sessions]
    steps += [(one.due, one) for one in pathway.milestones]
    for _, one in sorted(steps, key=lambda step: step[0]):  # type: ignore[arg-type,return-value]
        yield from _session(one, where, lines) if isinstance(one, Session) else _milestone(one, where, lines)
    done = " or as soon as all of it is settled," if pathway.ends_when_done else ""
    yield Sentence(f"Timer: after {say_duration(pathway.ends)},{done} the wrap-up begins.", lines.at(f"{where}.ends"))


def _session(one: Session, where: str, lines: Lines) -> Iterator[Sentence]:
    rule = f"{where}.sessions.{one.id}"
    says = f"{_moment(one.after)}: {one.title} ({plain(one.mode)}, {say_duration(one.length)}). {one.purpose}."
    yield Sentence(says, lines.at(rule))
    if one.goal:
        yield Sentence(f"Goal: {one.goal}", lines.at(f"{rule}.goal"), 1)
    if one.artifact:
        yield Sentence(f"To look at: {one.artifact}", lines.at(f"{rule}.artifact"), 1)
    if one.next_step:
        yield Sentence(f"Next step: {one.next_step}", lines.at(f"{rule}.next_step"), 1)
    if one.preparation:
        says = f"The learner prepares it by the template {one.preparation}."
        yield Sentence(says, lines.at(f"{rule}.preparation"), 1)
    if one.notes:
        yield Sentence(f"The mentor notes it down by the template {one.notes}.", lines.at(f"{rule}.notes"), 1)
    if one.reminders:
        says = f"Timer: the learner is reminded {durations(one.reminders)} before."
        yield Sentence(says, lines.at(f"{rule}.reminders"), 1)


def _milestone(one: Milestone, where: str, lines: Lines) -> Iterator[Sentence]:
    rule = f"{where}.milestones.{one.id}"
    yield Sentence(f"After {say_duration(one.due)} is due: {one.title}.", lines.at(f"{rule}.due"))
    for criterion in one.criteria:
        yield Sentence(criterion, lines.at(f"{rule}.criteria"), 1)
    if one.reminders:
        says = f"Timer: the learner is reminded {durations(one.reminders)} before."
        yield Sentence(says, lines.at(f"{rule}.reminders"), 1)
    again = say_duration(one.rework)
    yield Sentence(f"Work that is returned is due again after {again}.", lines.at(f"{rule}.rework"), 1)


def _around(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    levels = kit.service_levels
    sessions = [one for pathway in kit.pathways for one in pathway.sessions]

    def within(name: str, says: str) -> Sentence:
        return Sentence(f"{says} within {say_duration(getattr(levels, name))}.", lines.at(f"service_levels.{name}"))

    if sessions:
        yield within("attendance", "The mentor says how a session went")
    if any(one.notes for one in sessions):
        yield within("notes", "The mentor writes the notes")
    if sessions and levels.follow_up:
        yield within("follow_up", "The mentor sends a summary and next steps with dates")
    if any(pathway.milestones for pathway in kit.pathways):
        yield within("milestone_review", "The mentor reviews handed-in work")
    if kit.monitoring:
        first, every = say_duration(kit.monitoring.first_within), say_duration(kit.monitoring.check_in_every)
        says = f"The mentor checks in within {first} of the match, and then every {every}."
        yield Sentence(says, lines.at("monitoring.check_in_every"))
        closer = kit.monitoring.after_rematch
        lasting, closely = say_duration(closer.lasting), say_duration(closer.check_in_every)
        says = f"After a change of mentor, for {lasting}: every {closely}."
        yield Sentence(says, lines.at("monitoring.after_rematch"))


def _escalations(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for rule in kit.escalations:
        yield Sentence(f"{rule.title}: when {rule.when.in_words()}", lines.at(f"escalations.{rule.id}.when"))
        for nth, step in enumerate(rule.ladder):
            place = f"escalations.{rule.id}.then" if nth == 0 else f"escalations.{rule.id}.later.{nth - 1}"
            says = step_in_words(step) + ("" if nth == 0 else ", if it lasts")
            yield Sentence(says, lines.at(place), 1)


def _breaks(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for nth, one in enumerate(kit.breaks):
        days = f"from {one.starts_on:%d %B %Y} to {one.ends_on:%d %B %Y}"
        says = f"{one.title}: {days} the clocks of inactivity, and of silent mentors, rest."
        yield Sentence(says, lines.at(f"breaks.{nth}"))


def _ending(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for item in kit.wrap_up.checklist:
        yield Sentence(f"In the wrap-up: {item}", lines.at("wrap_up.checklist"))
    level = say_duration(kit.service_levels.wrap_up)
    yield Sentence(f"Timer: after {level} the journey closes by itself.", lines.at("service_levels.wrap_up"))
    limit = say_duration(kit.pausing.limit)
    yield Sentence(
        f"Timer: a pause ends after {limit} at most; every date moves by its length.", lines.at("pausing.limit")
    )
    yield from _own_pages(kit, lines)


def _own_pages(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for who, field in (("learners", "learners_without"), ("mentors", "mentors_without")):
        if left_out := getattr(kit.own_pages, field):
            deeds = either([IN_WORDS[one] for one in left_out])
            yield Sentence(f"On their own page, {who} do not {deeds}: ops do it.", lines.at(f"own_pages.{field}"))


def _messages(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for name, message in kit.messages.items():
        rule = kit.find_escalation(message.rule) if message.rule else None
        who = f" to {by_role(message.to)}" if message.to else ""
        narrowed = f" of the {message.of}" if message.of else f" of the rule {rule.title!r}" if rule else ""
        says = f"{_OCCASIONS[message.when]}{narrowed}{who}: {message.subject!r}, with the text {message.text}."
        yield Sentence(says, lines.at(f"messages.{name}"))
    if kit.messages and kit.quiet_hours:
        quiet = kit.quiet_hours
        says = f"Nothing is delivered between {quiet.after:%H:%M} and {quiet.until:%H:%M} on the reader's own clock."
        yield Sentence(says, lines.at("quiet_hours"))


_OCCASIONS: Mapping[Occasion, str] = {
    "reminder": "A reminder",
    "nudge": "A nudge",
    "case": "A case that is opened or handed over",
    "offer": "An offered match",
    "remedies": "Ways on that are offered",
    "follow_up": "The follow-up of a session",
    "more_information": "A question about the intake",
    "approved": "The approval of the intake",
    "declined": "An application that is declined",
    "matched": "A match",
    "offer_withdrawn": "A proposed match that is withdrawn",
    "mentor_left": "A mentor who leaves a journey",
    "invitation": "An invitation to a session, for calendars",
    "survey": "A survey to be answered",
    "session_moved": "A session with another date",
    "session_cancelled": "A session that is cancelled",
    "submitted": "Work that is handed in",
    "reviewed": "The review of a milestone, or its waiver",
    "new_dates": "New dates of a pathway",
    "paused": "A pause",
    "resumed": "The end of a pause",
    "wrap_up": "The beginning of the wrap-up",
    "closed": "The end of a journey",
    "reopened": "A journey that goes on after all",
}


def _mentor_kit(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    given = kit.mentor_kit
    named = {
        "onboarding": ("To begin with", given.onboarding),
        "escalation_guide": ("For when something goes wrong", given.escalation_guide),
        "sample_notes": ("How notes are written", given.sample_notes),
        "suggested_language": ("Words to use", given.suggested_language),
    }
    for field, (what, text) in named.items():
        if text:
            yield Sentence(f"{what}: {text}.", lines.at(f"mentor_kit.{field}"))
    for nth, step in enumerate(given.training):
        yield Sentence(f"Training, step {nth + 1}: {step}.", lines.at(f"mentor_kit.training.{nth}"))
    for name, checklist in kit.checklists.items():
        items = "1 line" if len(checklist) == 1 else f"{len(checklist)} lines"
        yield Sentence(f"Checklist {name}, of {items}:", lines.at(f"checklists.{name}"))
        for nth, item in enumerate(checklist):
            yield Sentence(item, lines.at(f"checklists.{name}.{nth}"), 1)


def _rubric(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    if dimensions := kit.rubric.dimensions:
        says = f"A session is judged by: {together(one.title for one in dimensions)}."
        yield Sentence(says, lines.at("rubric.dimensions"))
        for nth, one in enumerate(dimensions):
            if ends := [f"{mark} is “{end}”" for mark, end in ((1, one.low), (5, one.high)) if end]:
                yield Sentence(f"{one.title}: {together(ends)}.", lines.at(f"rubric.dimensions.{nth}"), 1)
    if kit.rubric.questions:
        yield Sentence("Questions about a session:", lines.at("rubric.questions"))
        for nth, question in enumerate(kit.rubric.questions):
            look_for = f" (look for: {question.look_for})" if question.look_for else ""
            yield Sentence(f"{question.ask}{look_for}", lines.at(f"rubric.questions.{nth}"), 1)


def _reviews(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    terms = kit.quality
    if terms is None:
        return
    reviews = counted(terms.minutes // terms.minutes_a_review, "review")
    says = f"Every {say_duration(terms.every)} some sessions are sampled: {reviews} at most, {terms.minutes} minutes."
    yield Sentence(says, lines.at("quality"))
    whole = say_duration(terms.every_mentor_within)
    yield Sentence(
        f"Each mentor's turn comes within {whole}; new mentors and risks are sampled more often, and at most "
        f"{terms.most_share:.0%} of the sessions.",
        lines.at("quality.every_mentor_within"),
        1,
    )
    by = "reviewers of the program and other mentors" if terms.peers else "reviewers of the program"
    says = f"Sessions are reviewed by {by}, within {say_duration(terms.open_for)}; {terms.twice:.0%} of them twice."
    yield Sentence(says, lines.at("quality.twice"), 1)


def _quality(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    yield from _rubric(kit, lines)
    yield from _reviews(kit, lines)
    by_hand = "" if kit.asking else " People ask; nothing does by itself."
    for survey in kit.surveys:
        asked = "1 question" if len(survey.questions) == 1 else f"{len(survey.questions)} questions"
        when = f"after the {survey.after}" if survey.after else f"every {say_duration(survey.every or timedelta(0))}"
        says = f"{survey.title}: {asked} to {by_role(survey.of)}, {when}.{by_hand}"
        yield Sentence(says, lines.at(f"surveys.{survey.id}"))
        for nth, asked_for in enumerate(survey.questions):
            yield Sentence(asked_for.ask, lines.at(f"surveys.{survey.id}.questions.{nth}"), 1)


def _pre_mortem(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    for nth, one in enumerate(kit.pre_mortem):
        rule = kit.find_escalation(one.answered_by)
        answer = f"the rule {rule.title!r}" if rule else one.answered_by
        yield Sentence(f"{one.failure}: answered by {answer}.", lines.at(f"pre_mortem.{nth}"))


def _people(kit: Kit, lines: Lines) -> Iterator[Sentence]:
    yield Sentence(f"{together(plain(one) for one in kit.human)}.".capitalize(), lines.at("human"))


def _moment(after: timedelta) -> str:
    return f"After {say_duration(after)}" if after else "At the start"


def _lowered(text: str) -> str:
    """As it is written within a sentence; what begins with an abbreviation is left as it is."""
    first = text.split(" ", 1)[0]
    return text if len(first) > 1 and first.isupper() else text[:1].lower() + text[1:]
