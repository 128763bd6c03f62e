"""A long form shows what is needed, and folds the rest away until something in it is filled in or wrong."""

import re

import pytest

from domain.journey import COMMANDS
from interfaces.http.pages.acting import ActPage
from interfaces.http.pages.fields import Field, Form, form_of
from interfaces.http.pages.rendering import render

_FOLDED = '<details class="more"><summary>More: next step 2, next step 3</summary>'
_UNFOLDED = '<details class="more" open><summary>More: next step 2, next step 3</summary>'


def shown(form: Form) -> str:
    return render("act.html", ActPage(form, "/"))


def follow_up() -> Form:
    return form_of(COMMANDS["send_follow_up"], "/x", fixed={"session": "s1"}, without=["corrects", "reason"])


def sent(form: Form, **said: str) -> Form:
    """As it comes back from a browser, which sends every field."""
    every = {one.name: one.value for one in form.fields}
    every |= {name.replace("__", "."): each for name, each in said.items()}
    return form.filled({name: [each] for name, each in every.items()})


def test_of_a_follow_up_the_summary_and_one_next_step_are_seen_at_once() -> None:
    form = follow_up()
    first = [one.name for one in form.first]
    assert first == ["summary", "next_steps.0.text", "next_steps.0.owner", "next_steps.0.due_at"]
    assert (len(form.more), shown(form).count(_FOLDED)) == (6, 1)


def test_it_unfolds_by_itself() -> None:
    form = follow_up()
    assert _FOLDED in shown(sent(form, summary="so")), "what a choice is from the beginning is nothing filled in"
    assert _UNFOLDED in shown(sent(form, next_steps__1__text="Write"))
    assert _UNFOLDED in shown(sent(form, next_steps__2__owner="mentor"))
    assert _UNFOLDED in shown(form.with_problems({"next_steps.2.due_at": "This is not a time."}))
    assert _FOLDED in shown(form.with_problems({"summary": "This is needed."}))


def test_what_is_chosen_already_is_not_called_optional() -> None:
    page = shown(follow_up())
    assert "Next step 1: who</label>" in page and "Next step 2: what <small>(optional)</small></label>" in page
    owners = re.findall(r'<select [^>]*name="next_steps[.]0[.]owner".*?</select>', page, re.DOTALL)
    assert [re.findall(r'<option value="(\w*)"', one) for one in owners] == [["learner", "mentor", "ops"]]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_is_needed_is_never_folded_away(command: str) -> None:
    form = form_of(COMMANDS[command], "/x")
    assert not [one.name for one in form.more if one.required]
    assert sorted(one.name for one in (*form.first, *form.more)) == sorted(one.name for one in form.fields)
    assert bool(form.more) == (len(form.fields) > 6) and not form.is_unfolded


def test_what_stands_in_its_place_stays_there() -> None:
    questions = [Field(f"answers.q{nth}", "What?", in_place=True) for nth in range(9)]
    form = Form("/x", "Intake", [*questions, Field("a", "A"), Field("b", "B")])
    assert [one.name for one in form.more] == ["a", "b"]
    alone = Form("/x", "Intake", [*questions, Field("a", "A")])
    assert not alone.more, "one field is shown as well as its fold"
