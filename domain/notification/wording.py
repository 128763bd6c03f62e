"""What the variables of a template stand for, from the journey as of the event that calls for the notification."""

from collections.abc import Sequence
from datetime import datetime

from domain.ids import MentorId, SessionId
from domain.journey.duties import duties
from domain.journey.duty import duty_in_words, pathway_of
from domain.journey.events import JourneyEvent, MentorReleased
from domain.journey.state import Case, JourneyState, MilestoneStanding, SessionStanding
from domain.journey.words import Words, behind_case, words_of
from domain.kit import Kit, Occasion, OpenCase
from domain.kit.words import REMEDIES
from domain.notification.changes import WITH_DATES, Dated, ahead, describe_change, obsolete_change
from domain.notification.notices import Notice
from domain.values import Frozen, either


class Contents(Frozen):
    """What a notification says, before it is put into words and into the time zone of the recipient."""

    what: str
    """Such as the title of a session. Personal where it quotes a person."""
    due_at: datetime | None
    """When it happens or is due; for something late, since when. None: there is no such moment."""
    mentor: MentorId | None
    quotes: tuple[Words, ...] = ()
    """What people wrote that the recipient has to read. Personal."""
    dates: tuple[Dated, ...] = ()
    """The dates ahead, the earliest first."""
    checklist: tuple[str, ...] = ()
    """What the owner of a case has to do."""


def contents(
    kit: Kit,
    then: JourneyState,
    notice: Notice,
    events: Sequence[JourneyEvent] = (),
    now: JourneyState | None = None,
) -> Contents:
    """`then`: the journey right after the event of the notice; `events`: all events up to that one; `now`: the present
    journey, where it differs.

    The dates ahead are those of `now`, so that no notification gives one that has changed since.
    """
    what, due_at = _describe(kit, then, notice, now or then)
    case = notice.when == "case"
    return Contents(
        what=what,
        due_at=notice.due_at or due_at,
        mentor=notice.mentor or (then.offer.mentor if then.offer else then.mentor),
        quotes=_quotes(events, notice),
        dates=ahead(kit, now or then, notice.at) if notice.when in WITH_DATES else (),
        checklist=_checklist(kit, then, notice) if case else (),
    )


def _quotes(events: Sequence[JourneyEvent], notice: Notice) -> tuple[Words, ...]:
    """What was written earlier: the words behind a case, or what a mentor left for the next."""
    if notice.when == "case":
        return behind_case(events, notice.subject.removeprefix("case:"))
    if notice.when == "matched" and notice.to == "mentor":
        left = next((one for one in reversed(events) if isinstance(one, MentorReleased)), None)
        return tuple(one for one in words_of(left) if one.what == "handover") if left else ()
    return ()


def _describe(kit: Kit, then: JourneyState, notice: Notice, now: JourneyState) -> tuple[str, datetime | None]:
    match notice.when:
        case "reminder" | "nudge":
            return _describe_duty(kit, then, notice) or (_title(kit, notice), notice.at)
        case "case":
            case = next((one for one in then.cases if f"case:{one.case}" == notice.subject), None)
            rule = kit.find_escalation(case.rule) if case else None
            return rule.title if rule else _title(kit, notice), notice.at
        case "remedies":
            assert then.remedies, "they were offered by this very event"
            return either(REMEDIES[one] for one in then.remedies.options), notice.at
        case "offer":
            return "a match", notice.at
        case "message":
            return notice.headline, notice.at
        case "survey":
            return notice.headline, notice.due_at
        case "follow_up" | "more_information":
            return notice.quote, notice.at
        case "invitation":
            return _describe_session(kit, then, notice), notice.due_at
        case _:
            return describe_change(kit, then, now, notice.when, notice.subject)


def _describe_session(kit: Kit, then: JourneyState, notice: Notice) -> str:
    pathway, session = pathway_of(kit, then), SessionId(notice.subject.removeprefix("session:"))
    return pathway.title_of_session(session) if pathway else session


def _checklist(kit: Kit, then: JourneyState, notice: Notice) -> tuple[str, ...]:
    """The checklist of the step that opened the case. Empty for a case of support that somebody chose."""
    case = next((one for one in then.cases if f"case:{one.case}" == notice.subject), None)
    rule = kit.find_escalation(case.rule) if case else None
    if not (case and rule and case.step < len(rule.ladder)):
        return ()
    measure = rule.ladder[case.step].then
    name = measure.checklist if isinstance(measure, OpenCase) else None
    return kit.checklists.get(name, ()) if name else ()


def _describe_duty(kit: Kit, then: JourneyState, notice: Notice) -> tuple[str, datetime] | None:
    """What the recipient has to do, and by when. None: the notification is not about a duty."""
    pathway = pathway_of(kit, then)
    for one, subject in duties(then):
        if one.about == notice.subject:
            if notice.of == "session" and isinstance(subject, SessionStanding) and pathway:
                return pathway.title_of_session(subject.session), subject.starts_at
            if notice.of == "milestone" and isinstance(subject, MilestoneStanding) and pathway:
                return pathway.title_of_milestone(subject.milestone), one.due_at
            if isinstance(subject, Case) and (rule := kit.find_escalation(subject.rule)):
                return f"the case “{rule.title}”", one.due_at
            return f"the {duty_in_words(pathway, one.duty, subject)}", one.due_at
    return None


def _title(kit: Kit, notice: Notice) -> str:
    rule = kit.find_escalation(notice.rule) if notice.rule else None
    return rule.title if rule else notice.when.replace("_", " ")


def obsolete(now: JourneyState, notice: Notice) -> str | None:
    """Why a notification that had to wait is not needed any more. None: it is."""
    match notice.when:
        case "follow_up" | "message" | "survey" | "invitation":  # calendars and surveys: what their own stream says
            return None
        case "reminder" | "nudge" | "case" | "remedies" | "offer" | "more_information":
            return _closed_or_paused(now, notice.when) or _settled(now, notice)
        case _:
            return obsolete_change(now, notice, notice.when)


def _closed_or_paused(now: JourneyState, when: Occasion) -> str | None:
    if now.closing:
        return "the journey has closed"
    return "the journey is paused" if now.pause and when != "case" else None


def _settled(now: JourneyState, notice: Notice) -> str | None:
    """Why nothing is awaited any more. None: something is."""
    match notice.when:
        case "reminder":
            awaited = any(one.about == notice.subject for one, _ in duties(now))
            return None if awaited else "what it would remind of is done"
        case "nudge":
            lasts = any((one.rule, one.about) == (notice.rule, notice.subject) for one in now.ladders)
            return None if lasts else "its reason is gone"
        case "case":
            mine = any(f"case:{one.case}" == notice.subject and one.owner == notice.to for one in now.cases)
            return None if mine else "the case is closed, or somebody else's"
        case "remedies":
            return None if now.remedies else "nothing is offered any more"
        case "offer":
            asked = now.offer and notice.to in now.offer.pending and notice.subject == f"offer:{now.offer.mentor}"
            return None if asked else "the offer is answered or gone"
        case "more_information":
            return None if now.wait and now.wait.duty == "intake" else "the intake is complete"
        case _:
            return None
