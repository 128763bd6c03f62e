"""Who calls, and what they may see and do: the roles of keys, and the programs that a key is for."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import MentorId, ProgramId


class KeyRole(StrEnum):
    """What a key is for. docs/keys.md says what each role may do."""

    OPS = "ops"
    """People who run programs: they see and steer everything."""
    INTEGRATION = "integration"
    """Other systems: they start and steer journeys, and see everything but personal data."""
    OBSERVER = "observer"
    """Dashboards and reports: they see everything but personal data, and change nothing."""
    MENTOR = "mentor"
    """One mentor: their own day, and the journeys of their own learners."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is, as its key says."""

    key: str
    """The id of the key, which is no secret."""
    role: KeyRole
    actor: str
    """Who gives the commands of this caller: `ops:ana`, `system:lms`, `mentor:m-3`."""
    programs: frozenset[ProgramId] | None = None
    """None: all of them."""
    mentor: MentorId | None = None
    """Of the role `mentor`: who it is."""

    @property
    def sees_personal_data(self) -> bool:
        return self.role in {KeyRole.OPS, KeyRole.MENTOR}

    def may_use(self, program: str) -> bool:
        return self.programs is None or program in self.programs

    def programs_of(self, asked: str | None) -> frozenset[str] | None:
        """What a filter by this program leaves of those that the caller may use. None: all programs."""
        if asked is None:
            return self.programs
        return frozenset({asked} if self.may_use(asked) else ())
