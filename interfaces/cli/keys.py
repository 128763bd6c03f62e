"""`trellis keys`: API keys for people and systems, and links that log a browser in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from domain.access import KeyRole
from domain.ids import MentorId, ProgramId, Slug
from domain.values import Duration, say_duration
from domain.words import distance
from interfaces.cli.answers import write
from interfaces.cli.connected import database
from interfaces.cli.options import DecidedBy, Json
from interfaces.cli.payload import typed
from interfaces.cli.screen import err, out, print_json
from services import keys, local_key, log_ins
from services.key_list import KeyEntry, listed
from services.keys import KeyWish, MadeKey
from settings import Settings, load
from store.database import Pool

app = typer.Typer(help="Make, list, rotate, and revoke API keys, and log a browser in.", no_args_is_help=True)

_Key = Annotated[str, typer.Argument(help="The id of the key, as shown by `trellis keys list`.")]
_LONGEST = timedelta(days=30)
_ACTORS = {KeyRole.OPS: "ops", KeyRole.INTEGRATION: "system", KeyRole.OBSERVER: "system"}
Done = TypeVar("Done")


@app.command("make")
def make_key(
    name: Annotated[str, typer.Argument(help="Who or what uses the key, such as ana or lms. It is recorded.")],
    *,
    role: Annotated[KeyRole, typer.Option(help="What the key is for.")],
    program: Annotated[
        list[str] | None, typer.Option(help="Only this program; may be repeated. Default: all programs.")
    ] = None,
    mentor: Annotated[str | None, typer.Option(help="For the role mentor: the id of the mentor.")] = None,
    expires: Annotated[
        str | None, typer.Option(help="In what time the key expires, such as '90 days'. Default: never.")
    ] = None,
    by: DecidedBy,
    json: Json = False,
) -> None:
    """Make an API key and print it. It cannot be shown again.

    Commands that come with the key are recorded as those of ops:NAME, system:NAME, or mentor:MENTOR, by its role.
    """
    if (mentor is None) == (role == KeyRole.MENTOR):
        raise typer.BadParameter("--mentor is for a key of the role mentor, and such a key needs it.")
    wish = KeyWish(
        name=typed("keys make", "NAME", Slug, name),
        role=role,
        actor=f"mentor:{mentor}" if mentor else f"{_ACTORS[role]}:{name}",
        programs=frozenset(map(ProgramId, program)) if program else None,
        mentor=MentorId(typed("keys make", "--mentor", Slug, mentor)) if mentor else None,
        expires_at=datetime.now(UTC) + _positive("--expires", expires) if expires else None,
    )
    _show_made(_run(lambda pool: keys.make(pool, wish, by)), json=json)


@app.command("list")
def list_keys(
    *,
    all_keys: Annotated[bool, typer.Option("--all", help="Also keys that have expired or were revoked.")] = False,
    json: Json = False,
) -> None:
    """List API keys, newest first: what each is for, until when, and when it was last used."""
    now = datetime.now(UTC)
    found = [one for one in _run(lambda pool: listed(pool, now)) if all_keys or one.state == "valid"]
    if json:
        print_json(found)
    elif not found:
        out().print("There are no keys. To make one: trellis keys make NAME --role ROLE")
    else:
        out().print(_table(found, now))


@app.command()
def rotate(
    key: _Key,
    *,
    overlap: Annotated[
        str, typer.Option(help="For how long the previous secret stays valid, such as '2 hours'.")
    ] = "1 day",
    json: Json = False,
) -> None:
    """Give a key a new secret, and print the key. The previous one stays valid for a while.

    The key keeps its id, role, and programs.
    """
    lasts: timedelta = typed("keys rotate", "--overlap", Duration, overlap)
    if not timedelta(0) <= lasts <= _LONGEST:
        raise typer.BadParameter(f"{overlap!r}: from '0 hours' to '30 days'", param_hint="--overlap")
    _show_made(_run(lambda pool: keys.rotate(pool, key, lasts)), json=json)


@app.command()
def revoke(key: _Key, *, by: DecidedBy) -> None:
    """Revoke a key, and log out every browser that was logged in with it.

    Every process refuses it within five seconds.
    """
    _run(lambda pool: keys.revoke(pool, key, by))
    out().print(f"Key {escape(key)} is revoked. Every process refuses it within five seconds.")


@app.command()
def link(
    key: Annotated[
        str | None, typer.Argument(help="The id of the key to log in with. Default: the key of `trellis up`.")
    ] = None,
    *,
    lasts: Annotated[str, typer.Option("--for", help="How long the link is valid, such as '1 hour'.")] = "15 minutes",
) -> None:
    """Print a link that logs one browser in, once."""
    settings = load()
    valid_for = _positive("--for", lasts)
    if valid_for > _LONGEST:
        raise typer.BadParameter(f"{lasts!r}: at most 30 days", param_hint="--for")
    key_id = key or _local(settings)
    secret = _run(lambda pool: log_ins.make_link(pool, key_id, valid_for))
    err().print(f"Logs one browser in, once, within {say_duration(valid_for)}:")
    write(log_ins.address(settings.http_url or "http://127.0.0.1", secret) + "\n")


def _local(settings: Settings) -> str:
    found = keys.id_of(local_key.read(settings.key_file) or "")
    if not found:
        raise typer.BadParameter(f"There is no key in {settings.key_file}: name one. `trellis keys list` lists them.")
    return found


def _run(work: Callable[[Pool], Awaitable[Done]]) -> Done:
    async def run() -> Done:
        async with database(load()) as pool:
            return await work(pool)

    return asyncio.run(run())


def _positive(option: str, given: str) -> timedelta:
    found: timedelta = typed("keys", option, Duration, given)
    if found <= timedelta(0):
        raise typer.BadParameter(f"{given!r}: must be longer than nothing", param_hint=option)
    return found


def _show_made(made: MadeKey, *, json: bool) -> None:
    """The key alone goes to stdout, for a script that puts it where it belongs."""
    if json:
        print_json({"key": made.key_id, "text": made.text})
        return
    err().print(f"Key {made.key_id}. Store it now: it cannot be shown again.")
    write(made.text + "\n")


def _table(found: list[KeyEntry], now: datetime) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("key", "name", "role", "programs", "records as", "last used", "state"):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(
            *(one.key, escape(one.name), one.role, ", ".join(one.programs) if one.programs else "all", one.actor),
            *(distance(one.used_at, now) if one.used_at else "never", _state(one, now)),
        )
    return table


def _state(one: KeyEntry, now: datetime) -> str:
    if one.state == "valid" and one.expires_at:
        return f"expires {distance(one.expires_at, now)}"
    if one.state == "valid" and one.previous_until and one.previous_until > now:
        return f"valid; previous secret until {distance(one.previous_until, now)}"
    return f"revoked by {escape(one.revoked_by or '')}" if one.state == "revoked" else one.state
