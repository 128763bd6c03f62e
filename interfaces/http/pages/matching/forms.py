"""What can be decided about a round: pin and forbid pairs, draft again, release, discard, take back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from domain.ids import SLUG, LearnerId, MentorId
from domain.values import Frozen, Personal, counted
from interfaces.http.pages.fields import Field, Form, Option, form_of
from queries.rounds import RoundRecord


class Pair(Frozen):
    learner: Annotated[LearnerId, SLUG]
    mentor: Annotated[MentorId, SLUG]


class PairForAReason(Pair):
    reason: Personal = ""
    """It is recorded."""


class Nothing(Frozen):
    """There is nothing to fill in."""


class Because(Frozen):
    reason: Personal = ""


class Release(Frozen):
    draft: int
    """The draft that was read: a later one is not released by mistake."""


def address(program: str, below: str) -> str:
    return f"/programs/{program}/matching/{below}"


def begin_form(program: str) -> Form:
    says = "For everybody who waits for a mentor. Nothing is sent until you release its draft."
    return form_of(Nothing, address(program, "begin"), title="Begin a round", says=says, button="Begin a round")


def again_form(program: str) -> Form:
    says = "From whoever waits now, with what is pinned and forbidden."
    return form_of(Nothing, address(program, "again"), title="Draft again", says=says)


def release_form(program: str, draft: int | None = None) -> Form:
    """None: as it is read when it was sent, with the draft that was seen then."""
    return form_of(
        Release,
        address(program, "release"),
        title=f"Release draft {draft}" if draft else "Release the draft",
        says="Each learner's journey gets its proposal, or its match where the kit asks nobody.",
        fixed={"draft": f"{draft}"} if draft else None,
        grave=True,
    )


def discard_form(program: str) -> Form:
    says = "End this round without sending anything."
    return form_of(Because, address(program, "discard"), title="Discard the round", says=says, grave=True)


def take_back_form(program: str, number: int) -> Form:
    return form_of(
        Because,
        address(program, f"{number}/take-back"),
        title="Take the round back",
        says="Withdraw every proposal that nobody has accepted yet. Matches and accepted proposals stay.",
        grave=True,
    )


What = Literal["pin", "forbid", "unpin", "allow"]
_TITLES: Mapping[What, str] = {
    "pin": "Give this learner this mentor",
    "forbid": "Keep this learner and this mentor apart",
    "unpin": "Undo the pin",
    "allow": "Allow it again",
}
DONE: Mapping[What, str] = {
    "pin": "Pinned",
    "forbid": "Forbidden",
    "unpin": "No longer pinned",
    "allow": "Allowed again",
}


def pair_form(
    program: str,
    what: What,
    fixed: Mapping[str, str] | None = None,
    mentors: Sequence[tuple[str, str]] = (),
    chosen: str = "",
) -> Form:
    """`mentors`: those to choose from, with their names; `chosen` is one of them."""
    return form_of(
        PairForAReason,
        address(program, what),
        title=_TITLES[what],
        says="It counts from the next draft on.",
        button=what.capitalize(),
        fixed=fixed,
        given={"mentor": chosen} if chosen else None,
        choices={"mentor": [Option(one, name) for one, name in mentors]} if mentors else None,
        labels={"learner": "Id of the learner", "mentor": "Mentor" if mentors else "Id of the mentor"},
    )


def chosen_from(form: Form, learners: Sequence[tuple[str, str]], mentors: Sequence[tuple[str, str]]) -> Form:
    """With lists of people, each with their name, where there are any."""
    lists = {"learner": ("Learner", learners), "mentor": ("Mentor", mentors)}
    return replace(form, fields=[_listed(one, *lists.get(one.name, ("", ()))) for one in form.fields])


def _listed(one: Field, label: str, people: Sequence[tuple[str, str]]) -> Field:
    if not people:
        return one
    return replace(one, kind="choice", label=label, options=[Option(person, name) for person, name in people])


def undo_form(program: str, what: What, learner: str, mentor: str) -> Form:
    return form_of(Pair, address(program, what), title=_TITLES[what], fixed={"learner": learner, "mentor": mentor})


def released(found: RoundRecord, asks: Sequence[str]) -> list[str]:
    """What a release will do."""
    pairs = counted(len(found.pairs), "learner")
    if asks:
        first = f"{pairs} and their mentors get a proposal by letter; {' and '.join(asks)} answer it."
    else:
        first = f"{pairs} get their mentor at once: the kit asks nobody."
    left = f"{counted(len(found.left), 'learner')} get nobody and go on waiting." if found.left else ""
    return list(filter(None, (first, left, "What nobody has accepted yet can be withdrawn afterwards.")))


def taken_back(found: RoundRecord, counts: Mapping[str, int]) -> list[str]:
    """What taking it back will do."""
    open_ones = counts.get("proposed", 0) + counts.get("unanswered", 0) + counts.get("questioned", 0)
    matched = counts.get("matched", 0)
    stays = "1 match stays as it is." if matched == 1 else f"{matched:,} matches stay as they are."
    return [f"Withdrawn: {counted(open_ones, 'proposal')} of round {found.number} that nobody has accepted yet.", stays]
