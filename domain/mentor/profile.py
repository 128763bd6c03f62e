"""What a mentor offers, wants and can take on: the profile that matching and capacity read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import SerializerFunctionWrapHandler, model_serializer

from domain.ids import SLUG, MentorId
from domain.mentor.state import MentorState
from domain.profiles import MentorProfile, MentorTraits
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, PersonalMark, changed

PROFILE_AT_MOST = 100_000
"""The most characters of JSON in one change, so that its event has room in the log."""


class ProfileChanges(MentorTraits):
    """Only the fields that were set count; in JSON there are no others."""

    @property
    def made(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}

    @model_serializer(mode="wrap")
    def _only_what_was_set(self, as_usual: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in as_usual(self).items() if name in self.model_fields_set}


class ProfileChanged(Event):
    """These fields of the profile have these values from now on; the others are as they were."""

    type: ClassVar[str] = "mentor.profile_changed"
    changes: Annotated[ProfileChanges, PersonalMark()]


class UpdateProfile(Frozen):
    mentor: Annotated[MentorId, SLUG]
    changes: ProfileChanges
    by: Actor = "ops"


class Code(RefusalCode):
    """Why a profile cannot be changed."""

    WISHES_CONFLICT = "wishes_conflict"
    """`learners`: those who are wished for and excluded at once."""
    PROFILE_TOO_LARGE = "profile_too_large"
    """`characters`: how many it has; `most`: how many it may have."""


def evolve(state: MentorState, event: ProfileChanged) -> MentorState:
    return changed(state, {"profile": changed(state.profile, event.changes.made)})


def decide(state: MentorState, command: UpdateProfile, at: datetime) -> list[ProfileChanged]:
    """Returns no event when every field has its value already.

    Raises:
        Rejected: when it would be too large, or a learner would be both wished for and excluded.
    """
    made = command.changes.made
    new = {name: value for name, value in made.items() if getattr(state.profile, name) != value}
    if not new:
        return []
    changes = ProfileChanges.model_validate(new)
    _check_size(changes)
    _check_wishes(changed(state.profile, new))
    return [ProfileChanged(at=at, changes=changes)]


def completed(profile: MentorProfile, attributes: Mapping[str, Any], time_zone: str | None) -> MentorProfile:
    """The profile with what was kept beside a mentor's name before there were profiles, where it says nothing itself:
    the attributes `mentor_type` and `capacity`, and the time zone.
    """
    known: dict[str, Any] = {"time_zone": time_zone}
    if isinstance(kind := attributes.get("mentor_type"), str) and kind.strip():
        known["mentor_type"] = kind.strip()[:200]
    if isinstance(places := attributes.get("capacity"), int) and places >= 0:
        known["places"] = int(places)
    missing = {name: value for name, value in known.items() if value is not None and getattr(profile, name) is None}
    return changed(profile, missing) if missing else profile


def _check_size(changes: ProfileChanges) -> None:
    if (characters := len(changes.model_dump_json())) > PROFILE_AT_MOST:
        raise Rejected(
            Code.PROFILE_TOO_LARGE,
            f"the change has {characters:,} characters, and {PROFILE_AT_MOST:,} are the most; shorten its lists",
            {"characters": characters, "most": PROFILE_AT_MOST},
        )


def _check_wishes(profile: MentorProfile) -> None:
    if both := sorted(set(profile.wishes) & set(profile.never)):
        raise Rejected(
            Code.WISHES_CONFLICT,
            f"{', '.join(both[:5])} cannot be both wished for and excluded; take them out of `wishes` or of `never`",
            {"learners": both},
        )
