"""`trellis program explain`: a program in words."""

from rich.markup import escape

from interfaces.cli.options import Json, KitFolder
from interfaces.cli.screen import out, print_json
from kits.explain import explain as in_words
from kits.loading import load_kit


def explain(kit: KitFolder, *, json: Json = False) -> None:
    """Explain a program in plain words, each rule with its line in the kit.

    Covers the promise, the intake questions, pathways, timers, and escalations.
    """
    read = load_kit(kit)
    chapters = in_words(read)
    if json:
        print_json(chapters)
        return
    console = out()
    console.print(f"[bold]{escape(read.title)}[/] ({read.program} {read.version}, {read.digest[:12]})")
    for chapter in chapters:
        console.print(f"\n[bold]{escape(chapter.title)}[/]")
        for one in chapter.sentences:
            source = f"  [dim]{escape(one.source)}[/]" if one.source else ""
            console.print(f"{'  ' * (one.level + 1)}{escape(one.says)}{source}", soft_wrap=True)
