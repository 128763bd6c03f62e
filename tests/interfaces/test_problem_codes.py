"""Every code of a problem is explained, over HTTP and in docs/contract.md, from one source."""

import re
from typing import cast

from client.journeys import JourneyClient
from interfaces.http.problem_codes import FILE, codes
from store.database import Pool
from tests import problem_codes
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.support.layout import ROOT

_USED = re.compile(
    r"""\bcode ?= ?"([a-z_]+)"|Denied\(\s*\d{3},\s*"([a-z_]+)"|^    \d{3}: "([a-z_]+)",$""", re.MULTILINE
)


def test_the_file_says_what_the_page_says() -> None:
    assert FILE.read_text() == problem_codes.written(), "write it anew: python -m tests.problem_codes"


def test_every_code_that_is_used_is_explained() -> None:
    sources = [file.read_text() for file in (ROOT / "interfaces" / "http").rglob("*.py")]
    used = {code for text in sources for found in _USED.findall(text) for code in found if code}
    assert len(used) > 20
    assert used - codes().keys() == set(), "these have no row in docs/contract.md, under Problem codes"


async def test_the_type_of_a_problem_leads_to_its_meaning(pool: Pool) -> None:
    app = guarded_app(pool, cast("JourneyClient", None))
    async with calling(app, await key_of(pool, "observer")) as client:
        problem = (await client.get("/v1/nothing")).json()
        assert (problem["type"], problem["code"]) == ("/problems/not_found", "not_found")
        meaning = (await client.get(problem["type"])).json()
        assert (meaning["status"], meaning["refusal"]) == (404, False)
        refusal = (await client.get("/problems/too_few_places")).json()
        assert (refusal["status"], refusal["refusal"]) == (409, True)
        assert refusal["data"] == "`places`, `left`, `wanted`"
        assert {one["code"] for one in (await client.get("/problems")).json()} == codes().keys()
        assert (await client.get("/problems/none")).status_code == 404
