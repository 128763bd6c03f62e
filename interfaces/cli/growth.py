"""`trellis growth`: whether a program is ready to grow, rule by rule."""

from domain.words import plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api


def growth(program: Program, *, json: Json = False) -> None:
    """Show whether a program is ready to grow, by the rules of its kit.

    Each rule of `growth` in the kit, with what it asks and what there is. Opening enrollment for more places than the
    kit allows without asking is refused until every rule holds, unless a person gives a reason (`trellis enrollment
    open --override`).
    """
    with api() as trellis:
        found = trellis.get_growth(program)
    if json:
        print_answer(found)
        return
    rows = [
        Row((plain(one.rule), one.wanted, one.found, "yes" if one.met else "NO"), "" if one.met else "yellow")
        for one in found.conditions
    ]
    says = Line((found.says, "bold"))
    show(says, *([Grid(("rule", "wanted", "found", "met"), rows)] if rows else ()))
