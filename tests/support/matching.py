"""Commands that bring a journey as far as its match."""

from runtime.exits import Exit
from tests.commands import Trellis


async def matched(trellis: Trellis, program: str, learner: str) -> str:
    journey = f"{program}.{learner}"
    assert (await trellis("start", program, learner)).exit == Exit.OK
    await trellis("send", journey, "submit-intake", "--json-input", '{"answers": {}}')
    await trellis("send", journey, "review_intake", "-f", "verdict=approve")
    await trellis("send", journey, "approve_match", "-f", "mentor=ana")
    return journey
