"""Publishes the versions of a program's kit, and says which one new journeys follow."""

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import KitDigest, ProgramId
from domain.kit import Kit
from domain.program import PublishKit
from domain.values import Actor
from kits import loading
from kits.lookup import newest_published, of_program
from services.enrolling import Enrollment, record_published
from store.database import Pool
from store.kits import PublishedKit


@dataclass(frozen=True, slots=True)
class Published:
    new: bool
    """False: the same content was published before, and nothing changed."""
    current: str
    """The version that new journeys follow now."""


async def publish(pool: Pool, kit: Kit, by: Actor = "ops") -> Published:
    """Makes a kit that is new the one that new journeys follow.

    Raises:
        KitChanged: when this version of the program was published with other content.
    """
    new = await loading.publish(pool, kit)
    current = await newest_published(pool, kit.program_id)
    if new or current.digest == kit.digest:
        await record_published(pool, kit, by)
        return Published(new, kit.version)
    return Published(new, current.version)


@dataclass(frozen=True, slots=True)
class Switched:
    before: PublishedKit
    now: PublishedKit

    @property
    def changed(self) -> bool:
        return self.before.digest != self.now.digest


async def use(pool: Pool, program: ProgramId, version: str, by: Actor = "ops") -> Switched:
    """Makes a published version, or the one with this digest, the one that new journeys follow.

    Raises NoSuchProgram, NoSuchKit.
    """
    before = await newest_published(pool, program)
    wanted = await of_program(pool, program, version)
    switched = Switched(before, wanted)
    if switched.changed:
        for one in (before, wanted):  # the stream may not know of the former yet
            command = PublishKit(kit=KitDigest(one.digest), version=one.version, by=by)
            await Enrollment(pool).handle(program, command, datetime.now(UTC))
    return switched
