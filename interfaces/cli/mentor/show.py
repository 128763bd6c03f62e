"""`trellis mentor show`: what is known about one mentor."""

from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from interfaces.cli.answers import print_answer
from interfaces.cli.mentor.arguments import TheMentor
from interfaces.cli.options import Json
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out
from queries.mentor_words import leave_in_words, profile_in_words, programs_in_words
from queries.mentors import Mentor
from store.people import zone_by_name


def show(mentor: TheMentor, *, json: Json = False) -> None:
    """Show what is known about a mentor: profile, checks, leave, and programs.

    Times are in the mentor's time zone. Exit code 1: there is no such mentor.
    """
    with api() as trellis:
        answer = trellis.get_mentor(mentor)
    if json:
        print_answer(answer)
        return
    found = received(Mentor, answer)
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
