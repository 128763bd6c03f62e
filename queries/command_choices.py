"""What the fields of a journey's commands can be now: sessions, milestones, cases, mentors, and what the kit lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.journey import JourneyState
from domain.journey.duty import pathway_of
from domain.kit import Form, Kit
from domain.kit.escalation.risk_flag import ANY
from domain.kit.words import REMEDIES
from domain.words import plain
from queries.journey_record import JourneyRecord
from store.kits import KitVersion
from store.people import Person

Choices = Sequence[tuple[str, str]]
"""Each with what it is called."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the journey itself."""

    mentors: Sequence[Person] = ()
    """Who could be matched."""
    versions: Sequence[KitVersion] = ()
    """Of the program."""


def choices_of(command: str, record: JourneyRecord, around: Around) -> Mapping[str, Choices]:
    """By the name of the field. Fields that can be anything are missing."""
    kit, state = record.kit, record.state
    found: dict[str, Choices] = {
        "session": _sessions(kit, state),
        "milestone": [(one.milestone, _milestone(kit, state, one.milestone)) for one in state.milestones],
        "case": [(one.case, _case(kit, one.case, one.rule)) for one in state.cases],
        "item": [(one.item, f"{one.item}, of the {one.owner}") for one in state.action_items],
        "mentor": [(one.person_id, f"{one.name} ({one.person_id})") for one in around.mentors],
        "pathway": [(one.id, one.title) for one in kit.pathways],
        "kit": [(one.digest, one.version) for one in around.versions if one.digest != state.kit],
    }
    match command:
        case "raise_risk_flag":
            found["flag"] = [(one, plain(one)) for one in flags_of(kit)]
        case "choose_remedy" if state.remedies:
            found["remedy"] = [(one, REMEDIES[one]) for one in state.remedies.options]
        case "complete_wrap_up":
            found["done"] = [(one, one) for one in kit.wrap_up.checklist]
        case "answer_offer" | "withdraw_offer":
            found["code"] = [(code, one.title) for code, one in kit.matching.declines.items()]
            found["who"] = [(one, plain(one)) for one in state.offer.pending] if state.offer else []
        case "record_outcome":
            found["kind"] = [(one, plain(one)) for one in dict.fromkeys((*kit.outcomes, *kit.promise.measures))]
    return {field: options for field, options in found.items() if options}


def subjects(record: JourneyRecord, given: Mapping[str, str]) -> Sequence[str]:
    """What the session, the milestone or the case that is given is called."""
    known = choices_of("", record, Around())
    return [
        label
        for field in ("session", "milestone", "case")
        for value, label in known.get(field, ())
        if value == given.get(field)
    ]


def form_in(command: str, record: JourneyRecord, session: str | None) -> Form | None:
    """The questions of the kit that stand for the answers of a command; None where it has none."""
    pathway = pathway_of(record.kit, record.state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    match command:
        case "submit_intake":
            return record.kit.intake
        case "write_notes":
            return record.kit.template(plan.notes) if plan else None
        case "prepare_session":
            return record.kit.template(plan.preparation) if plan else None
        case _:
            return None


def checklist_for(command: str, record: JourneyRecord, given: Mapping[str, str]) -> tuple[str, Sequence[str]]:
    """The name and the lines of the checklist that somebody goes by who does this; empty where the kit has none."""
    name = _checklist(command, record, given)
    if command == "complete_wrap_up":
        return "wrap-up", record.kit.wrap_up.checklist
    return (name, record.kit.checklists[name]) if name else ("", ())


def _checklist(command: str, record: JourneyRecord, given: Mapping[str, str]) -> str | None:
    kit, state = record.kit, record.state
    pathway = pathway_of(kit, state)
    if command.endswith("_case"):
        case = next((one for one in state.cases if one.case == given.get("case")), None)
        rule = kit.find_escalation(case.rule) if case else None
        if case is None or rule is None or case.step >= len(rule.ladder):
            return None
        return getattr(rule.ladder[case.step].then, "checklist", None)
    if pathway and command in ("record_attendance", "write_notes", "send_follow_up"):
        return next((one.checklist for one in pathway.sessions if one.id == given.get("session")), None)
    if pathway and command == "review_milestone":
        return next((one.checklist for one in pathway.milestones if one.id == given.get("milestone")), None)
    return None


def _sessions(kit: Kit, state: JourneyState) -> Choices:
    """The next one first, then those after it, then what has been held or given up."""
    pathway = pathway_of(kit, state)
    named = sorted(state.sessions, key=lambda one: (one.settled, one.starts_at))
    return [(one.session, pathway.title_of_session(one.session) if pathway else one.session) for one in named]


def _milestone(kit: Kit, state: JourneyState, milestone: str) -> str:
    pathway = pathway_of(kit, state)
    return next((one.title for one in pathway.milestones if one.id == milestone), milestone) if pathway else milestone


def _case(kit: Kit, case: str, rule: str) -> str:
    found = kit.find_escalation(rule)
    return f"{found.title} ({case})" if found else case


def flags_of(kit: Kit) -> Iterable[str]:
    """The risk flags that a rule of the kit knows."""
    named = (getattr(one.when, "risk_flag", None) for one in kit.escalations)
    others = (flag for one in kit.escalations for flag in getattr(one.when, "other_than", ()))
    return dict.fromkeys(flag for flag in (*named, *others) if flag and flag != ANY)
