"""`trellis profile`: who a learner is, and how far they have come."""

import asyncio

from rich.markup import escape

from domain.ids import JourneyId
from interfaces.cli.connected import database
from interfaces.cli.options import Journey, Json
from interfaces.cli.screen import out, print_json
from queries.answers import in_words
from queries.profile import Profile
from queries.profile import profile as tell
from queries.profile_words import about, progress
from queries.work import in_words as work_in_words
from settings import Settings, load


def profile(journey: Journey, *, json: Json = False) -> None:
    """Show who a learner is, their intake answers, and their progress.

    All of it is personal data.
    """
    told = asyncio.run(_profile(load(), JourneyId(journey)))
    if json:
        print_json(told)
    else:
        _say(told)


async def _profile(settings: Settings, journey: JourneyId) -> Profile:
    async with database(settings) as pool:
        return await tell(pool, journey)


def _say(told: Profile) -> None:
    console = out()
    console.print(f"[bold]{escape(told.journey)}[/]")
    for what, words in (*about(told), *progress(told)):
        console.print(f"  [dim]{escape(what):<12}[/] {escape(words)}", soft_wrap=True)
    for nth, (what, words) in enumerate(work_in_words(told.work)):
        if nth == 0:
            console.print("\nWork:")
        console.print(f"  [dim]{escape(what)}[/]\n    {escape(words)}", soft_wrap=True)
    if told.intake:
        console.print("\nIntake:")
    for one in told.intake:
        console.print(f"  [dim]{escape(one.asked)}[/]\n    {escape(in_words(one.answer))}", soft_wrap=True)
