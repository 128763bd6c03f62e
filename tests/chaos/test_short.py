"""The storm in its short form: each part is killed once while commands come in."""

import json
from collections import Counter

from tests.chaos.__main__ import as_json, in_words
from tests.chaos.account import Account
from tests.chaos.storm import Outcome, Plan, storm

SEED = 6
"""One of those whose first four kills are of four parts."""


async def test_nothing_acknowledged_is_lost_whichever_process_is_killed() -> None:
    plan = Plan(seed=SEED, journeys=12, rate=6, kills=4, pause_seconds=3, letters=False)
    outcome = await storm(plan, lambda _: None)
    assert outcome.account.clean, in_words(outcome)
    assert outcome.account.acknowledged > 20
    assert len(outcome.kills) == 4


def test_the_account_as_json() -> None:
    outcome = Outcome(Account(acknowledged=3), Counter(worker=2), 1.5)
    content = json.loads(as_json(outcome))
    assert (content["kills"], content["account"]["acknowledged"], content["seconds"]) == ({"worker": 2}, 3, 1.5)
