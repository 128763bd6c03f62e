"""What the pages of learners and mentors say of a journey and of a group, made of what queries answer."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from domain.journey.terms import Attendance
from domain.own_page import OwnRole
from domain.values import counted
from domain.words import plain
from interfaces.http.pages.own.models import (
    Addresses,
    Coming,
    GroupPart,
    Held,
    JourneyPart,
    Link,
    Moment,
    Piece,
    SharedPage,
    ToDo,
)
from interfaces.http.pages.reading import reading
from queries import session_words
from queries.cohorts import GroupSession, Roster
from queries.own_page import Ahead, OwnJourney, Task, ahead, shared, tasks
from queries.own_surveys import OpenSurvey
from queries.sessions import Meeting
from queries.work import Work

_CORRECTABLE = timedelta(days=60)
"""For so long after a session, its record is offered for correction here."""
_SOON = timedelta(days=14)
_OF_GROUPS: Mapping[str, str] = {
    "record_attendance": "attendance",
    "write_notes": "notes",
    "send_follow_up": "follow_up",
}
"""What is done once for all members of a group, and the last part of its address."""
_STAGES: Mapping[str, str] = {
    "intake": "We wait for your intake, or read it.",
    "matching": "We look for a mentor who fits you.",
    "sessions": "You and your mentor meet.",
    "wrap_up": "The last conversation is ahead.",
}
_ENDINGS: Mapping[str, str] = {
    "completed": "You have completed it. Congratulations.",
    "withdrawn": "You have left it.",
    "declined": "Your application was declined.",
    "ended_early": "It ended earlier than planned.",
}
_CAME: Mapping[Attendance, str] = {
    "attended": "held",
    "late": "held, with a late start",
    "missed_by_learner": "missed by the learner",
    "missed_by_mentor": "missed by the mentor",
    "cancelled_in_time": "called off in time",
    "cancelled_late": "called off late",
}


def todo_of(those: Iterable[Task], to: Addresses, now: datetime, leads: Collection[str] = ()) -> list[ToDo]:
    """What is done once for a group that the reader leads stands there once."""
    found: dict[object, ToDo] = {}
    for one in sorted(those, key=lambda task: task.due_at):
        if one.cohort in leads and one.cohort and (what := _OF_GROUPS.get(one.command)):
            key: object = (one.cohort, one.command, one.of)
            link = Link(to.group(one.cohort, one.of, what), one.says_of_group)
        else:
            key = (one.journey, one.command, one.of)
            link = Link(to.deed(one.journey, one.command, one.of), one.says)
        soon = one.due_at <= now + _SOON
        found.setdefault(key, ToDo(link, Moment.of(one.due_at, now), one.late, soon))
    return list(found.values())


def survey_todo(one: OpenSurvey, address: str, now: datetime) -> ToDo:
    return ToDo(Link(address, one.title), Moment.of(one.expires_at, now), late=False, soon=True)


def learner_part(one: OwnJourney, person: str, to: Addresses, now: datetime) -> JourneyPart:
    state, journey, dates = one.state, one.record.journey, ahead(one, now)
    return JourneyPart(
        title=one.kit.title,
        says=_ENDINGS[state.closing.ending] if state.closing else "" if state.pause else _STAGES.get(state.stage, ""),
        paused=Moment.of(state.pause.until, now) if state.pause else None,
        with_whom=f"Your mentor is {one.name(state.mentor)}." if state.mentor else "",
        next=next((_coming(each, one, to, now, "learner") for each in dates if each.kind == "session"), None),
        todo=todo_of(tasks(one, "learner", person, now), to, now),
        coming=[_coming(each, one, to, now, "learner") for each in dates],
        held=[_held("learner", met, now, ()) for met in one.meetings if met.attendance],
        work=[_piece(work, ()) for work in one.work if work.attempts or work.status != "open"],
        deeds=list(_deeds_of_learner(one, to)),
        more=[Link(f"{to.journey(journey)}/shared", "Who can see what")],
    )


def _deeds_of_learner(one: OwnJourney, to: Addresses) -> Iterator[Link]:
    if one.state.closing:
        return
    journey = one.record.journey
    yield Link(to.deed(journey, "ask_for_help"), "Ask for help")
    if one.state.pause:
        if one.offers("learner", "resume"):
            yield Link(to.deed(journey, "resume"), "End the pause")
        return
    if one.offers("learner", "pause"):
        yield Link(to.deed(journey, "pause"), "Pause")
    if one.state.stage in ("sessions", "wrap_up") and one.offers("learner", "give_feedback"):
        yield Link(to.deed(journey, "give_feedback"), "Say how it is going")


def mentor_part(one: OwnJourney, person: str, to: Addresses, now: datetime) -> JourneyPart:
    state, journey = one.state, one.record.journey
    has_learner = state.mentor == person
    deeds = [
        Link(to.deed(journey, "check_in"), "Check in"),
        Link(to.deed(journey, "raise_risk_flag"), "Something worries me"),
        Link(to.deed(journey, "ask_for_help"), "Ask the program for help"),
    ]
    return JourneyPart(
        title=one.kit.title,
        says=_ended(one) if state.closing else f"In {plain(state.stage)}.",
        paused=Moment.of(state.pause.until, now) if state.pause else None,
        with_whom="",
        next=None,
        todo=todo_of(tasks(one, "mentor", person, now), to, now),
        coming=[_coming(each, one, to, now, "mentor") for each in ahead(one, now)],
        held=[_held("mentor", met, now, _corrections(met, one, to, now)) for met in one.meetings if met.attendance],
        work=[_piece(work, _verdicts(work, one, to)) for work in one.work if work.attempts or work.status != "open"],
        deeds=deeds if has_learner and not state.closing else [],
        more=[],
    )


def _ended(one: OwnJourney) -> str:
    return f"Ended: {plain(one.state.closing.ending)}." if one.state.closing else ""


def _coming(each: Ahead, one: OwnJourney, to: Addresses, now: datetime, role: OwnRole) -> Coming:
    journey = one.record.journey
    links = [
        Link(to.deed(journey, command, each.of), label, f"“{each.title}”")
        for command, label in _of_coming(each, one, role)
        if one.offers(role, command)
    ]
    met = next((met for met in one.meetings if met.session == each.of), None) if role == "mentor" else None
    prepared = tuple(session_words.agenda(met)) if met else ()
    says = "Work to hand in by then." if each.kind == "work" else each.purpose
    return Coming(Moment.of(each.at, now), each.title, says, links, lines=prepared)


def _of_coming(each: Ahead, one: OwnJourney, role: OwnRole) -> Iterator[tuple[str, str]]:
    match each.kind, role:
        case "session", "learner":
            yield "prepare_session", "Prepare"
        case "session", "mentor" if each.of not in one.state.group_times:
            yield "reschedule_session", "Move"
        case "work", "learner" if one.state.stage in ("sessions", "wrap_up"):
            yield "submit_milestone", "Hand in"


def _held(reader: OwnRole, met: Meeting, now: datetime, links: Sequence[Link]) -> Held:
    """To the learner and the mentor alike: the notes are the mentor's own, who alone gets `links`."""
    lines = [("Agreed on", met.summary)] if met.summary else []
    if links:
        lines += [(asked, text) for asked, text in session_words.record(met) if asked not in ("attendance", "summary")]
    assert met.attendance
    return Held(
        met.title,
        Moment.of(met.starts_at, now),
        _CAME[met.attendance],
        lines,
        list(session_words.next_steps(met, reading().zone, reader)),
        links,
    )


def _corrections(met: Meeting, one: OwnJourney, to: Addresses, now: datetime) -> list[Link]:
    """What a mentor can put right of a session."""
    journey = one.record.journey
    links = [Link(to.deed(journey, "record_attendance", met.session), "Correct how it went", f"“{met.title}”")]
    if not one.state.closing and one.offers("mentor", "take_back_attendance"):
        links.append(Link(to.deed(journey, "take_back_attendance", met.session), "Take it back", f"“{met.title}”"))
    if met.starts_at < now - _CORRECTABLE:
        return links
    if any(each.answer is not None for each in met.notes):
        links.append(Link(to.deed(journey, "write_notes", met.session), "Correct the notes", f"of “{met.title}”"))
    if met.summary is not None and not one.state.closing:
        links.append(
            Link(to.deed(journey, "send_follow_up", met.session), "Correct the follow-up", f"of “{met.title}”")
        )
    return links


def _piece(work: Work, links: Sequence[Link]) -> Piece:
    attempts = [
        [
            (label, text)
            for label, text in (
                ("Link", each.link),
                ("Note", each.note),
                ("Verdict", plain(each.verdict) if each.verdict else "not reviewed yet"),
                ("Points", f"{each.score:g}" if each.score is not None else ""),
                ("Feedback", each.feedback),
            )
            if text
        ]
        for each in work.attempts
    ]
    return Piece(work.title, plain(work.status), attempts, links)


def _verdicts(work: Work, one: OwnJourney, to: Addresses) -> list[Link]:
    if not (work.attempts and work.attempts[-1].verdict) or one.state.closing or work.status == "waived":
        return []
    if not one.offers("mentor", "review_milestone"):
        return []
    address = to.deed(one.record.journey, "review_milestone", work.milestone)
    return [Link(address, "Correct the verdict", f"on “{work.title}”")]


def mentor_coming(those: Iterable[OwnJourney], person: str, to: Addresses, now: datetime, days: int) -> list[Coming]:
    """The sessions of the next days, with whom; those of a group once."""
    found: dict[object, tuple[datetime, Coming]] = {}
    for one in those:
        if one.state.mentor != person:
            continue
        for each in ahead(one, now):
            if each.kind == "work" or each.at > now + timedelta(days=days):
                continue
            group = one.state.cohort if each.of in one.state.group_times else None
            key = (group.cohort, each.of) if group else (one.record.journey, each.of)
            whom = "your group" if group else one.other("mentor")
            title, page = f"{each.title} with {whom}", to.journey(one.record.journey)
            coming = Coming(Moment.of(each.at, now), title, "", (), page)
            found.setdefault(key, (each.at, coming))
    return [coming for _, coming in sorted(found.values(), key=lambda pair: (pair[0], pair[1].title))]


def learner_rows(those: Iterable[OwnJourney], person: str, to: Addresses) -> list[tuple[Link, str]]:
    return [
        (Link(to.journey(one.record.journey), one.other("mentor")), _standing(one))
        for one in sorted(those, key=lambda each: each.other("mentor"))
        if one.state.mentor == person
    ]


def _standing(one: OwnJourney) -> str:
    if one.state.pause:
        return "on a pause"
    held = sum(met.attendance in ("attended", "late") for met in one.meetings)
    return f"in {plain(one.state.stage)}, {counted(held, 'session')} held of {len(one.meetings)}"


def shared_page(one: OwnJourney, back: str) -> SharedPage:
    return SharedPage(one.kit.title, shared(one), back)


def group_part(one: Roster, to: Addresses, now: datetime) -> GroupPart:
    members = counted(len(one.members), "member")
    return GroupPart(one.title, members, [_of_group(one, met, to, now) for met in one.sessions])


def _of_group(one: Roster, met: GroupSession, to: Addresses, now: datetime) -> Coming:
    said = f"{met.came} of {met.invited} came" if met.attendance else ""
    return Coming(Moment.of(met.starts_at, now), met.title, said, list(_links_of_group(one, met, to, now)))


def _links_of_group(one: Roster, met: GroupSession, to: Addresses, now: datetime) -> Iterator[Link]:
    about = f"“{met.title}”"
    if met.starts_at > now and not met.attendance:
        return
    how = "Correct how it went" if met.attendance else "Say how it went"
    yield Link(to.group(one.cohort, met.session, "attendance"), how, about)
    if met.came:
        notes = "Correct the notes" if met.notes else "Write the notes"
        yield Link(to.group(one.cohort, met.session, "notes"), notes, f"of {about}")
        follow_up = "Correct the follow-up" if met.follow_up else "Send the follow-up"
        yield Link(to.group(one.cohort, met.session, "follow_up"), follow_up, f"of {about}")
