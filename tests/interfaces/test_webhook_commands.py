"""`trellis webhooks`, as people type it."""

import pytest

from channels import signing
from store import sequencer
from store.database import Pool
from tests.commands import Trellis
from tests.support.hook_receivers import Receiver
from tests.webhooks.delivering import worker


async def test_the_life_of_a_webhook(
    trellis: Trellis, pool: Pool, dsn: str, program: str, own_folder: pytest.MonkeyPatch
) -> None:
    own_folder.setenv("TRELLIS_PRIVATE_NETWORKS", "127.0.0.1")
    hook = f"crm-{program[-12:]}"
    assert "There are no webhooks" in (await trellis("webhooks", "list")).out
    async with Receiver().listening() as receiver, worker(pool) as working:
        made = await trellis(
            *("webhooks", "add", receiver.url, "--id", hook, "--type", "journey.*", "--description", "the [CRM]"),
            *("--from", "1"),
        )
        assert made.exit == 0, made
        secret = made.out.split("once: ")[1].split()[0]
        signing.key(secret)
        assert (await trellis("start", program, "l-1")).exit == 0
        await sequencer.drain(dsn)
        await working.passes(hook)
        assert [one["type"] for one in receiver.events] == ["journey.started"]

        (row,) = (await trellis("webhooks", "list", "--json")).json
        assert (row["webhook"], row["status"], row["made_by"]) == (hook, "enabled", "ops")
        assert hook in (await trellis("webhooks", "list")).out
        log = await trellis("webhooks", "deliveries", hook)
        assert log.out.count("journey.started") == 1
        assert (await trellis("webhooks", "deliveries", hook, "--state", "waiting")).out == "No deliveries match.\n"

        changed = await trellis("webhooks", "set", hook, "--all-types", "--role", "ops", "--program", program)
        assert changed.out == f"{hook} is changed. It gets events of all types of {program}, with personal data.\n"
        rotated = await trellis("webhooks", "rotate", hook, "--overlap", "1")
        assert "signs as well" in rotated.out
        assert "1 event behind" in (await trellis("webhooks", "replay", hook, "--from", str(row["position"]))).out
        assert "is disabled" in (await trellis("webhooks", "disable", hook, "--reason", "[bold]maintenance")).out
        shown = await trellis("webhooks", "show", hook)
        words = ("the [CRM]", "It is disabled: [bold]maintenance", "Two secrets sign", "replay from position")
        assert all(one in shown.out for one in words), shown.out
        assert secret not in shown.out
        assert "is enabled" in (await trellis("webhooks", "enable", hook, "--skip")).out
        assert (await trellis("webhooks", "remove", hook)).out == f"{hook} is removed.\n"
        gone = await trellis("webhooks", "show", hook)
        assert (gone.exit, "there is no webhook" in gone.err) == (1, True)


async def test_what_is_refused_is_said(trellis: Trellis) -> None:
    private = await trellis("webhooks", "add", "https://10.0.0.1/x")
    assert private.exit == 1
    assert "TRELLIS_PRIVATE_NETWORKS does not name its network" in private.err
    kind = await trellis("webhooks", "add", "https://example.org/", "--type", "journey.strated")
    assert (kind.exit, "'journey.strated'" in kind.err) == (1, True)
    nothing = await trellis("webhooks", "set", "wh-1")
    assert (nothing.exit, "there is nothing to change" in nothing.err) == (2, True)
