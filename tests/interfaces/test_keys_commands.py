"""`trellis keys`, as people type it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.access import KeyRole
from domain.ids import ProgramId
from runtime.embedded.private import open_private
from runtime.exits import Exit
from services import local_key, log_ins
from services.keys import Keyring
from store.database import Pool
from tests.commands import Trellis
from tests.support.folders import open_to_others


async def test_a_key_is_made_used_rotated_and_revoked(trellis: Trellis, pool: Pool, program: str) -> None:
    made = await trellis("keys", "make", "lms", "--role", "integration", "--program", program, "--expires", "90 days")
    key = made.out.strip()
    caller = await Keyring(pool).caller_with_key(key)
    assert caller and (caller.role, caller.actor, caller.programs) == (
        KeyRole.INTEGRATION,
        "system:lms",
        frozenset({ProgramId(program)}),
    )
    assert key not in made.err and "cannot be shown again" in made.err

    (listed,) = (await trellis("keys", "list", "--json")).json
    assert (listed["key"], listed["state"], listed["programs"]) == (caller.key, "valid", [program])
    assert key.rpartition("_")[2] not in str(listed) and "hash" not in str(listed)
    assert datetime.fromisoformat(listed["expires_at"]) - datetime.now(UTC) > timedelta(days=89)

    new = (await trellis("keys", "rotate", caller.key, "--overlap", "0 hours")).out.strip()
    assert await Keyring(pool).caller_with_key(new) and not await Keyring(pool).caller_with_key(key)
    assert "is revoked" in (await trellis("keys", "revoke", caller.key)).out
    assert await Keyring(pool).caller_with_key(new) is None
    assert "There are no keys" in (await trellis("keys", "list")).out
    assert "revoked by" in (await trellis("keys", "list", "--all")).out


async def test_what_cannot_be_a_key_is_said(trellis: Trellis) -> None:
    for line, code, says in (
        ("make a --role chef", Exit.BAD_INPUT, "chef"),
        ("make a --role mentor", Exit.BAD_INPUT, "--mentor"),
        ("make a --role ops --mentor m-1", Exit.BAD_INPUT, "--mentor"),
        ("make a/b --role ops", Exit.BAD_INPUT, "NAME 'a/b'"),
        ("make a --role ops --program nowhere", Exit.BAD_INPUT, "no kit of the program 'nowhere'"),
        ("make a --role ops --expires soon", Exit.BAD_INPUT, "'soon' is not a duration"),
        ("rotate 0123456789", Exit.FAILED, "no valid key '0123456789'"),
        ("rotate 0123456789 --overlap 90days", Exit.BAD_INPUT, "--overlap"),
        ("revoke 0123456789", Exit.FAILED, "no valid key '0123456789'"),
        ("link 0123456789", Exit.FAILED, "no valid key '0123456789'"),
        ("link", Exit.BAD_INPUT, "There is no key in"),
    ):
        said = await trellis("keys", *line.split())
        assert (said.exit, says in said.err, said.out) == (code, True, ""), (line, said)


async def test_the_key_of_this_machine(trellis: Trellis, pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / ".trellis" / "key"
    file.parent.mkdir(mode=0o700)
    assert await local_key.keep(pool, file) is True
    assert open_to_others(file.parent) == []
    key = local_key.read(file)
    assert await local_key.keep(pool, file) is False and local_key.read(file) == key

    link = (await trellis("keys", "link", "--for", "1 hour")).out.strip().rpartition("link=")[2]
    assert await log_ins.is_valid_link(pool, link)

    with open_private(file) as opened:
        opened.write("nonsense")
    assert await local_key.keep(pool, file) is True, "or nobody could work with it"
    assert await Keyring(pool).caller_with_key(local_key.read(file) or "")
