"""A round with its forms, and the explanation of a pair with the forms beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.http.pages.fields import Form
from interfaces.http.pages.matching import forms
from interfaces.http.pages.matching.explanation import ExplanationPage
from interfaces.http.pages.matching.rounds import MatchingPage, PairSet

_DECIDES: Sequence[forms.What] = ("pin", "forbid")


@dataclass(frozen=True, slots=True)
class Undo:
    pair: PairSet
    form: Form


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a round, and what can be decided about it now."""

    round: MatchingPage
    begin: Form | None
    release: Form | None
    again: Form | None
    discard: Form | None
    take_back: Form | None
    pairs: Sequence[Form]
    pinned: Sequence[Undo]
    forbidden: Sequence[Undo]
    refused: Form | None
    """The form that was sent and refused."""


@dataclass(frozen=True, slots=True)
class Explanation:
    page: ExplanationPage
    pairs: Sequence[Form]


def shown(page: MatchingPage, refused: Form | None, mentors: Sequence[tuple[str, str]] = ()) -> Shown:
    """`mentors`: those to choose from, with their names; none where they are too many for a list."""
    program, decides = page.program, page.acts and page.is_open
    draft = page.draft.number if page.draft else None
    learners = () if page.next else _learners(page)
    pairs = [forms.chosen_from(forms.pair_form(program, what), learners, mentors) for what in _DECIDES]
    return Shown(
        round=page,
        begin=forms.begin_form(program) if page.acts and not page.is_open else None,
        release=forms.release_form(program, draft) if decides and page.can_release else None,
        again=forms.again_form(program) if decides else None,
        discard=forms.discard_form(program) if decides else None,
        take_back=forms.take_back_form(program, page.number or 0) if page.acts and page.can_take_back else None,
        pairs=pairs if decides else (),
        pinned=[_undo(program, "unpin", one) for one in page.pinned] if decides else (),
        forbidden=[_undo(program, "allow", one) for one in page.forbidden] if decides else (),
        refused=forms.chosen_from(refused, learners, mentors) if refused else None,
    )


def _learners(page: MatchingPage) -> Sequence[tuple[str, str]]:
    return [*((one.learner, one.learner_name) for one in page.pairs), *((one.learner, one.name) for one in page.left)]


def _undo(program: str, what: forms.What, one: PairSet) -> Undo:
    return Undo(one, forms.undo_form(program, what, one.learner, one.mentor))


def explained(page: ExplanationPage) -> Explanation:
    fixed = {
        "learner": page.learner,
        "back_to": f"/programs/{page.program}/matching/{page.number}/learners/{page.learner}",
    }
    imagined = page.what_if.mentor if page.what_if else ""
    pairs = [forms.pair_form(page.program, what, fixed, page.mentors, imagined) for what in _DECIDES]
    return Explanation(page, pairs if page.acts else ())
