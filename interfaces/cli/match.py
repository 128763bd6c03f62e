"""`trellis match`: rounds of matching, from the draft to what became of it."""

from collections.abc import Callable
from typing import Annotated

import typer

from client.api import Trellis, models
from interfaces.cli.answers import print_answer
from interfaces.cli.match_shown import say_explained, say_imagined, say_round, say_status, say_verified
from interfaces.cli.options import By, Json, Program
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import err, print_json, print_listing
from projections.views.rounds import RoundRow
from queries.matching import Explained, Imagined, Verification
from queries.rounds import RoundRecord, listing
from runtime.exits import Exit
from workflows.contract import RoundStatus

app = typer.Typer(help="Match learners with mentors in rounds: draft, adjust, release, explain.", no_args_is_help=True)

_Learner = Annotated[str, typer.Argument(help="The learner's id.")]
_Mentor = Annotated[str, typer.Argument(help="The mentor's id.")]
_Reason = Annotated[str, typer.Option(help="The reason. It is recorded.")]
_Number = Annotated[int | None, typer.Option("--round", min=1, help="The number of the round. Default: the last one.")]
_OfProgram = Annotated[str | None, typer.Option("--program", help="Look only at rounds of this program.")]
_All = Annotated[bool, typer.Option("--all", help="Show every row, not just the first ones.")]


# Rounds


@app.command("round")
def begin(program: Program, *, json: Json = False) -> None:
    """Begin a round for everybody who waits, and show its draft.

    Nothing is sent until the draft is released. There is one round at a time in a program. Exit code 1: a round is
    open, or nobody waits.
    """
    with api() as trellis:
        with err().status("Matching …"):
            trellis.begin_round(program)
        _show(trellis, program, None, json=json, everything=False)


@app.command("list")
def list_rounds(
    program: Annotated[str | None, typer.Argument(help="Only the rounds of this program.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many to show.")] = 20,
    json: Json = False,
) -> None:
    """List rounds, the latest first: where each stands, and how many it found a mentor for."""
    with api() as trellis:
        found = trellis.list_all_rounds(program=program, limit=limit)
    if json:
        print_answer(found)
    else:
        print_listing(listing(received(list[RoundRow], found), program))


@app.command("show")
def show(program: Program, *, round_: _Number = None, everything: _All = False, json: Json = False) -> None:
    """Show a round: its pairs, who gets nobody and why, and what became of each proposal.

    The output includes why two people were put together, which is personal data.
    """
    with api() as trellis:
        _show(trellis, program, round_, json=json, everything=everything)


@app.command("again")
def again(program: Program, *, by: By = "ops", json: Json = False) -> None:
    """Make the draft of the open round anew, from whoever waits now."""
    with api() as trellis:
        with err().status("Waiting for the round …"):
            trellis.draft_again(program, by=by)
        _show(trellis, program, None, json=json, everything=False)


@app.command("release")
def release(
    program: Program,
    *,
    draft: Annotated[
        int | None, typer.Option(min=1, help="Release only if this is the present draft. Default: whichever is.")
    ] = None,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Release the draft: each learner's journey gets its proposal, or its match where the kit asks nobody.

    It goes on in the background; `trellis match show` tells how far it is.
    """
    _ask(lambda trellis: trellis.release_round(program, draft=draft, by=by), json=json)


@app.command("discard")
def discard(program: Program, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """End the open round without sending anything."""
    _ask(lambda trellis: trellis.discard_round(program, reason=reason, by=by), json=json)


@app.command("take-back")
def take_back(
    program: Program, *, round_: _Number = None, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Take a released round back: withdraw every proposal that nobody has accepted yet.

    What is not sent yet is not sent any more. Matches and accepted proposals stay; they are counted.
    """

    def take_back(trellis: Trellis) -> models.RoundStatus:
        return trellis.take_back_round(program, round_ or _last(trellis, program), reason=reason, by=by)

    _ask(take_back, json=json)


# Pairs of the draft


@app.command("pin")
def pin(
    program: Program, learner: _Learner, mentor: _Mentor, *, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Give a learner this mentor in the next draft, unless a rule forbids it."""
    _ask(lambda trellis: trellis.pin_pair(program, learner=learner, mentor=mentor, reason=reason, by=by), json=json)


@app.command("unpin")
def unpin(program: Program, learner: _Learner, mentor: _Mentor, *, by: By = "ops", json: Json = False) -> None:
    """Undo a pin."""
    _ask(lambda trellis: trellis.unpin_pair(program, learner=learner, mentor=mentor, by=by), json=json)


@app.command("forbid")
def forbid(
    program: Program, learner: _Learner, mentor: _Mentor, *, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Keep a learner and a mentor apart in this round."""
    _ask(lambda trellis: trellis.forbid_pair(program, learner=learner, mentor=mentor, reason=reason, by=by), json=json)


@app.command("allow")
def allow(program: Program, learner: _Learner, mentor: _Mentor, *, by: By = "ops", json: Json = False) -> None:
    """Allow again what was forbidden in this round."""
    _ask(lambda trellis: trellis.allow_pair(program, learner=learner, mentor=mentor, by=by), json=json)


# Explaining


@app.command("explain")
def explain_learner(
    learner: _Learner,
    *,
    program: _OfProgram = None,
    round_: _Number = None,
    everything: _All = False,
    json: Json = False,
) -> None:
    """Explain why a learner gets this mentor: what each criterion gave, and what every other choice would cost.

    Of the last round that has the learner in its draft. The output is personal data.
    """
    with api() as trellis:
        found = trellis.explain_latest_match(learner, program=program, round=round_)
    print_answer(found) if json else say_explained(received(Explained, found), everything=everything)


@app.command("what-if")
def what_if_pair(
    *,
    learner: Annotated[str, typer.Option(help="The learner's id.")],
    mentor: Annotated[str, typer.Option(help="The id of the mentor whom the learner might have instead.")],
    program: _OfProgram = None,
    round_: _Number = None,
    json: Json = False,
) -> None:
    """Show what it would cost everybody if a learner had a certain mentor, and who would move."""
    with api() as trellis:
        found = trellis.imagine_latest_match(learner, mentor, program=program, round=round_)
    print_answer(found) if json else say_imagined(received(Imagined, found))


@app.command("verify")
def verify(program: Program, *, round_: _Number = None, json: Json = False) -> None:
    """Check the proof that a draft is the best there is, from the stored pool, and calculate it again.

    Exit code 1: something does not hold.
    """
    with api() as trellis:
        answer = trellis.verify_round(program, round_ or _last(trellis, program))
    found = received(Verification, answer)
    print_json({**answer.as_json(), "holds": found.holds}) if json else say_verified(found)
    if not found.holds:
        raise typer.Exit(Exit.FAILED)


def _show(trellis: Trellis, program: str, number: int | None, *, json: bool, everything: bool) -> None:
    found = trellis.get_round(program, number) if number else trellis.get_latest_round(program)
    print_answer(found) if json else say_round(received(RoundRecord, found), everything=everything)


def _ask(ask: Callable[[Trellis], models.RoundStatus], *, json: bool) -> None:
    with api() as trellis, err().status("Waiting for the round …"):
        status = ask(trellis)
    print_answer(status) if json else say_status(received(RoundStatus, status))


def _last(trellis: Trellis, program: str) -> int:
    """The number of the last round; where there is none, one that there is not."""
    rounds = trellis.list_rounds(program, limit=1)
    return rounds[0].number if rounds else 1
