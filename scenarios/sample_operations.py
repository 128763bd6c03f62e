"""What the sample has of work for many at once: places that are all taken, with a waiting list, and bulk actions.

All of it is done once: what people have changed since stays changed.
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from temporalio.client import Client

from client.journeys import JourneyClient
from domain.kit import Kit
from domain.program import OpenEnrollment
from domain.refusal import Rejected
from projections.views import bulks
from services.bulk.planning import Order, SendToAll, WriteToAll, plan
from services.bulk.selecting import BulkFilter
from services.bulk.steering import Bulks
from services.enrollment import Enrolling, carry_out, standing
from store import people
from store.database import Pool
from store.people import Person

_BY: Final = "ops:sample"
WAITING: Final = (
    Person("l-25", "learner", "Zeynep Arslan", "zeynep.arslan@example.org", "Europe/Istanbul"),
    Person("l-26", "learner", "Adaeze Obi", "adaeze.obi@example.org", "Africa/Lagos"),
    Person("l-27", "learner", "Bruno Costa", "bruno.costa@example.org", "America/Sao_Paulo"),
)


async def let_wait(pool: Pool, temporal: Client, kit: Kit) -> bool:
    """Opens enrollment with the places that are taken, and lets others wait. Returns False where that was done, or
    somebody has opened enrollment otherwise."""
    program = kit.program_id
    if await people.names_of(pool, [one.person_id for one in WAITING]):
        return False
    state = await standing(pool, program)
    if state.is_limited and state.room != 0:
        return False
    journeys = JourneyClient(temporal)
    with suppress(Rejected):
        await carry_out(pool, journeys, program, OpenEnrollment(places=len(state.enrolled), by=_BY))
        await Enrolling.of_people(pool, kit, WAITING, by=_BY, again=False).carry_out(journeys)
        return True
    return False


async def act_on_many(pool: Pool, temporal: Client, kit: Kit) -> bool:
    """Once the views have the journeys: reminds those who have not answered the intake, and plans a check-in with those
    who are in their sessions, which nobody has confirmed yet. Returns False when there are bulk actions."""
    program = kit.program_id
    if await bulks.bulks(pool, datetime.now(UTC), programs=[program], limit=1):
        return False
    remind = WriteToAll(
        action="message",
        subject="Your application",
        text="Hello {{ name }}, three of our questions are still open. They take five minutes: {{ page }}",
    )
    wanted = BulkFilter(program=program, waiting_for="intake", open=True)
    planned = await plan(pool, Order(action=remind, filter=wanted, by=_BY))
    await Bulks(pool, temporal).begin(planned.id, digest=planned.digest, by=_BY)
    check_in = SendToAll(action="command", command="check_in", fields={"notes": "A call to everybody"})
    await plan(pool, Order(action=check_in, filter=BulkFilter(program=program, stage="sessions"), by=_BY))
    return True
