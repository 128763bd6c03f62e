"""A program whose sessions are reviewed, and sessions that were held in it."""

from domain.kit import Kit
from store import people
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.projections.stories import KIT, publish, story, tell

REVIEWED = Kit.model_validate(
    KIT.model_dump(mode="json")
    | {
        "version": "reviewed",
        "rubric": {"questions": [{"id": "next", "ask": "Is there a next step?"}], "dimensions": ["clarity", "depth"]},
        "quality": {"every": "30 days", "open_for": "6 days", "minutes": 60, "twice": 1, "most_share": 0.9},
    }
)
LONG_OPEN = {"every": "900 weeks", "open_for": "800 weeks", "every_mentor_within": "1000 weeks"}
"""Terms by which sessions of any year are sampled today."""


def with_terms(**terms: object) -> Kit:
    content = REVIEWED.model_dump(mode="json")
    return Kit.model_validate(content | {"quality": content["quality"] | terms})


async def tell_held(pool: Pool, kit: Kit = REVIEWED) -> None:
    """Six learners have had their session, with three mentors; one has not."""
    await publish(pool, kit)
    await people.upsert_many(pool, [Person("l-1", "learner", "Ada Brook"), Person("m-1", "mentor", "Max Stone")])
    for number in range(7):
        await tell(EventLog(pool), number, story(number, 5 if number == 6 else 8, kit))
