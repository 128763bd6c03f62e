"""`trellis mentor show`: what is known about one mentor."""

import asyncio
from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from domain.ids import MentorId
from interfaces.cli.connected import database
from interfaces.cli.mentor.arguments import TheMentor
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from queries.mentor_words import leave_in_words, profile_in_words, programs_in_words
from queries.mentors import Mentor, mentor
from settings import Settings, load
from store.people import zone_by_name


def show(mentor: TheMentor, *, json: Json = False) -> None:
    """Show what is known about a mentor: profile, checks, leave, and programs.

    Times are in the mentor's time zone. Exit code 1: there is no such mentor.
    """
    found = asyncio.run(_show(load(), MentorId(mentor)))
    if json:
        print_json(found)
        return
    now, zone = datetime.now(UTC), zone_by_name(found.profile.time_zone)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for label, text in (
        ("mentor", f"{found.name} ({found.mentor})" if found.name else f"{found.mentor}, not known by name"),
        *((("email", found.email),) if found.email else ()),
        ("programs", programs_in_words(found.programs)),
        *profile_in_words(found.profile, now.date()),
        *(("leave", leave_in_words(one, zone)) for one in found.leave if one.ends_at > now),
    ):
        table.add_row(label, Text(text))
    out().print(table)


async def _show(settings: Settings, mentor_id: MentorId) -> Mentor:
    """Raises NoSuchMentor."""
    async with database(settings) as pool:
        return await mentor(pool, mentor_id)
