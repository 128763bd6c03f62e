"""A form that is sent twice is carried out once, and both are told what was done."""

import asyncio
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from interfaces.http.sent_forms import SentForms
from store.database import Pool
from store.idempotency import Requests
from tests.interfaces.visiting import visiting

FORM = "/my/a-link/leave"


class Deeds:
    """Carries out forms, slowly, and counts."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.dies = False

    async def carry_out(self, request: Request) -> Response:
        self.begun.set()
        await self.go.wait()
        if self.dies:
            raise asyncio.CancelledError
        given = (await request.body()).decode()
        if "wrong" in given:
            return PlainTextResponse("no", 422)
        self.done.append(given)
        response = RedirectResponse("/after", 303)
        response.set_cookie("said", f"done-{len(self.done)}")
        return response


@pytest.fixture
def deeds() -> Deeds:
    return Deeds()


@pytest.fixture
def app(pool: Pool, deeds: Deeds) -> SentForms:
    return SentForms(Starlette(routes=[Route(FORM, deeds.carry_out, methods=["POST"])]), Requests(pool))


def filled(words: str) -> dict[str, str]:
    return {"once": uuid4().hex, "notes": words}


async def test_a_double_click_is_one_act(app: SentForms, deeds: Deeds) -> None:
    async with visiting(app) as browser:
        form = filled("ill")
        first = asyncio.create_task(browser.post(FORM, data=form))
        await deeds.begun.wait()
        second = asyncio.create_task(browser.post(FORM, data=form))
        deeds.go.set()
        answers = await asyncio.gather(first, second)
        assert len(deeds.done) == 1
        assert [one.status_code for one in answers] == [303, 303]
        assert [one.headers["location"] for one in answers] == ["/after", "/after"]
        assert len({one.headers["set-cookie"] for one in answers}) == 1, "both say what was done"
        later = await browser.post(FORM, data=form)
        assert (later.status_code, len(deeds.done)) == (303, 1)


async def test_other_content_and_another_form_are_other_acts(app: SentForms, deeds: Deeds) -> None:
    deeds.go.set()
    async with visiting(app) as browser:
        form = filled("ill")
        for one in (form, {**form, "notes": "away"}, filled("ill"), {"notes": "ill"}, {"notes": "ill"}):
            assert (await browser.post(FORM, data=one)).status_code == 303
        assert len(deeds.done) == 5


async def test_a_refusal_is_given_anew(app: SentForms, deeds: Deeds) -> None:
    deeds.go.set()
    async with visiting(app) as browser:
        form = filled("wrong")
        assert [(await browser.post(FORM, data=form)).status_code for _ in range(2)] == [422, 422]


async def test_after_the_process_died_the_form_is_carried_out(
    app: SentForms, deeds: Deeds, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled("ill")

    async def nothing(*_: object) -> None:
        return None

    with monkeypatch.context() as dead:
        dead.setattr(Requests, "release", nothing)  # whoever is killed releases nothing
        deeds.dies = True
        deeds.go.set()
        async with visiting(app) as browser:
            with pytest.raises(asyncio.CancelledError):
                await browser.post(FORM, data=form)
    deeds.dies = False
    await pool.execute("update trellis.requests set claimed_until = clock_timestamp() - interval '1 second'")
    async with visiting(app) as browser:
        assert [(await browser.post(FORM, data=form)).status_code for _ in range(2)] == [303, 303]
    assert len(deeds.done) == 1
