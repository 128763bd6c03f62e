"""`trellis profile`: who a learner is, and how far they have come."""

from rich.markup import escape

from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out
from queries.answers import in_words
from queries.profile import Profile
from queries.profile_words import about, progress
from queries.work import in_words as work_in_words


def profile(journey: Journey, *, json: Json = False) -> None:
    """Show who a learner is, their intake answers, and their progress.

    All of it is personal data.
    """
    with api() as trellis:
        told = trellis.get_profile(journey)
    if json:
        print_answer(told)
    else:
        _say(received(Profile, told))


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
