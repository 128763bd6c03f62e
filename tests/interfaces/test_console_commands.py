"""`trellis why --rules`, `trellis views` and `trellis schedules`."""

from runtime.exits import Exit
from tests.commands import Trellis


async def test_rules_views_and_schedules_from_the_command_line(trellis: Trellis, program: str) -> None:
    await trellis("start", program, "lea")
    rules = (await trellis("why", f"{program}.lea", "--rules", "--json")).json
    assert rules and {"says", "standing", "near"} <= rules[0].keys()
    found = await trellis("why", f"{program}.lea", "--rules", "--find", "no such words")
    assert (found.exit, "No rule has these words" in found.out) == (Exit.OK, True)
    assert rules[0]["says"].split(":")[0] in (await trellis("why", f"{program}.lea", "--rules", "--all")).out

    saved = (await trellis("views", "save", "late", "overdue=true&stage=sessions", "--json")).json
    assert "overdue=true&stage=sessions" in (await trellis("views", "list")).out
    assert (await trellis("views", "save", "odd", "no_such=1")).exit == Exit.BAD_INPUT
    assert (await trellis("views", "delete", saved["id"])).exit == Exit.OK
    assert "No view is saved" in (await trellis("views", "list")).out

    assert (await trellis("schedules", "list", program)).exit == Exit.OK
    assert (await trellis("schedules", "pause", program, "nothing")).exit == Exit.FAILED
