"""`trellis match`: rounds of matching, from the draft to what became of it."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from client.rounds import RoundClient
from domain.ids import LearnerId, MentorId, ProgramId, round_id
from domain.round import TakeRoundBack
from domain.round.commands import AllowPair, DiscardRound, DraftAgain, ForbidPair, PinPair, ReleaseRound, UnpinPair
from domain.values import Frozen
from interfaces.cli.connected import database
from interfaces.cli.match_shown import say_explained, say_imagined, say_round, say_status, say_verified
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import checked
from interfaces.cli.screen import err, print_json, print_listing
from kits.lookup import newest
from projections.views.rounds import RoundRow
from queries.matching import Explained, Imagined, Verification, explain, verified, what_if
from queries.rounds import RoundRecord, listing, round_record, rounds_of
from runtime.connecting import connect_temporal
from runtime.exits import Exit
from services import rounds as services
from settings import Settings, load
from store.rounds import last_number
from workflows.contract import RoundStatus
from workflows.round_activities import AGAIN, ALLOW, DISCARD, FORBID, PIN, RELEASE, UNPIN

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
    asyncio.run(_begin(load(), ProgramId(program)))
    _show(program, None, json=json, everything=False)


@app.command("list")
def list_rounds(
    program: Annotated[str | None, typer.Argument(help="Only the rounds of this program.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many to show.")] = 20,
    json: Json = False,
) -> None:
    """List rounds, the latest first: where each stands, and how many it found a mentor for."""
    found = asyncio.run(_list(load(), program, limit))
    if json:
        print_json(found)
    else:
        print_listing(listing(found, program))


@app.command("show")
def show(program: Program, *, round_: _Number = None, everything: _All = False, json: Json = False) -> None:
    """Show a round: its pairs, who gets nobody and why, and what became of each proposal.

    The output includes why two people were put together, which is personal data.
    """
    _show(program, round_, json=json, everything=everything)


@app.command("again")
def again(program: Program, *, by: By = "ops", json: Json = False) -> None:
    """Make the draft of the open round anew, from whoever waits now."""
    _asked(program, AGAIN, DraftAgain, {"by": by})
    _show(program, None, json=json, everything=False)


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
    _ask(program, RELEASE, ReleaseRound, {"draft": draft, "by": by}, json=json)


@app.command("discard")
def discard(program: Program, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """End the open round without sending anything."""
    _ask(program, DISCARD, DiscardRound, {"reason": reason, "by": by}, json=json)


@app.command("take-back")
def take_back(
    program: Program, *, round_: _Number = None, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Take a released round back: withdraw every proposal that nobody has accepted yet.

    What is not sent yet is not sent any more. Matches and accepted proposals stay; they are counted.
    """
    command = checked("take-back", TakeRoundBack, {"reason": reason, "by": by})
    status = asyncio.run(_take_back(load(), ProgramId(program), round_, command))
    print_json(status) if json else say_status(status)


# Pairs of the draft


@app.command("pin")
def pin(
    program: Program, learner: _Learner, mentor: _Mentor, *, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Give a learner this mentor in the next draft, unless a rule forbids it."""
    _ask(program, PIN, PinPair, {"learner": learner, "mentor": mentor, "reason": reason, "by": by}, json=json)


@app.command("unpin")
def unpin(program: Program, learner: _Learner, mentor: _Mentor, *, by: By = "ops", json: Json = False) -> None:
    """Undo a pin."""
    _ask(program, UNPIN, UnpinPair, {"learner": learner, "mentor": mentor, "by": by}, json=json)


@app.command("forbid")
def forbid(
    program: Program, learner: _Learner, mentor: _Mentor, *, reason: _Reason = "", by: By = "ops", json: Json = False
) -> None:
    """Keep a learner and a mentor apart in this round."""
    _ask(program, FORBID, ForbidPair, {"learner": learner, "mentor": mentor, "reason": reason, "by": by}, json=json)


@app.command("allow")
def allow(program: Program, learner: _Learner, mentor: _Mentor, *, by: By = "ops", json: Json = False) -> None:
    """Allow again what was forbidden in this round."""
    _ask(program, ALLOW, AllowPair, {"learner": learner, "mentor": mentor, "by": by}, json=json)


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
    found = asyncio.run(_explain(load(), learner, program, round_))
    print_json(found) if json else say_explained(found, everything=everything)


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
    found = asyncio.run(_what_if(load(), learner, mentor, program, round_))
    print_json(found) if json else say_imagined(found)


@app.command("verify")
def verify(program: Program, *, round_: _Number = None, json: Json = False) -> None:
    """Check the proof that a draft is the best there is, from the stored pool, and calculate it again.

    Exit code 1: something does not hold.
    """
    found = asyncio.run(_verify(load(), ProgramId(program), round_))
    print_json({**_fields(found), "holds": found.holds}) if json else say_verified(found)
    if not found.holds:
        raise typer.Exit(Exit.FAILED)


def _fields(found: Verification) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Verification.__slots__}


def _show(program: str, number: int | None, *, json: bool, everything: bool) -> None:
    found = asyncio.run(_record(load(), ProgramId(program), number))
    print_json(found) if json else say_round(found, everything=everything)


def _ask(program: str, update: str, kind: type[Frozen], fields: Mapping[str, Any], *, json: bool) -> None:
    status = _asked(program, update, kind, fields)
    print_json(status) if json else say_status(status)


def _asked(program: str, update: str, kind: type[Frozen], fields: Mapping[str, Any]) -> RoundStatus:
    command = checked(update, kind, fields)
    return asyncio.run(_send(load(), ProgramId(program), update, command.model_dump(mode="json")))


async def _begin(settings: Settings, program: ProgramId) -> RoundStatus:
    async with database(settings) as pool:
        await newest(pool, program)
    client = RoundClient(await connect_temporal(settings))
    with err().status("Matching …"):
        return await client.begin(program)


async def _send(settings: Settings, program: ProgramId, update: str, payload: Mapping[str, Any]) -> RoundStatus:
    client = RoundClient(await connect_temporal(settings))
    with err().status("Waiting for the round …"):
        return await client.ask(program, update, payload)


async def _take_back(settings: Settings, program: ProgramId, number: int | None, command: TakeRoundBack) -> RoundStatus:
    async with database(settings) as pool:
        wanted = number or await last_number(pool, program) or 1
        client = RoundClient(await connect_temporal(settings))
        with err().status("Withdrawing …"):
            return await services.take_back(pool, client, round_id(program, wanted), command)


async def _list(settings: Settings, program: str | None, limit: int) -> list[RoundRow]:
    async with database(settings) as pool:
        if program:
            await newest(pool, ProgramId(program))
        return await rounds_of(pool, program, limit)


async def _record(settings: Settings, program: ProgramId, number: int | None) -> RoundRecord:
    async with database(settings) as pool:
        await newest(pool, program)
        return await round_record(pool, program, number)


async def _explain(settings: Settings, learner: str, program: str | None, number: int | None) -> Explained:
    async with database(settings) as pool:
        return await explain(pool, LearnerId(learner), ProgramId(program) if program else None, number)


async def _what_if(settings: Settings, learner: str, mentor: str, program: str | None, number: int | None) -> Imagined:
    async with database(settings) as pool:
        of = ProgramId(program) if program else None
        return await what_if(pool, LearnerId(learner), MentorId(mentor), of, number)


async def _verify(settings: Settings, program: ProgramId, number: int | None) -> Verification:
    async with database(settings) as pool:
        await newest(pool, program)
        return await verified(pool, program, number)
