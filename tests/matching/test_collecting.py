"""Who is in the pool of a round: everybody who can take somebody, however many mentors there are."""

from datetime import UTC, datetime

import pytest

from domain.ids import KitDigest, MentorId, ProgramId
from domain.matching import collecting
from domain.matching.collecting import KnownMentor, Newest, pool_of
from domain.mentor import MentorState
from domain.profiles import MentorProfile
from domain.round import RoundState
from tests.domain.stories import KIT

AT = datetime(2026, 3, 2, tzinfo=UTC)


def known(name: str, places: int, program: str = KIT.program) -> KnownMentor:
    profile = MentorProfile(places=places)
    state = MentorState(profile=profile, programs=frozenset({ProgramId(program)}))
    return KnownMentor(MentorId(name), state, profile, None)


def test_of_too_many_those_without_a_place_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_FULL", 3)
    those = [known("a", 0), known("b", 2), known("c", 0), known("d", 1), known("e", 3, "another"), known("f", 0)]
    round_ = RoundState(program=KIT.program_id, number=1, cause="demand", released_by="ops", run="run", begun_at=AT)
    pool = pool_of(round_, Newest(KIT, KitDigest("k")), [], those, AT)
    assert [one.mentor for one in pool.mentors] == ["a", "b", "d"], "two with places, and one of those without"
    many = pool_of(round_, Newest(KIT, KitDigest("k")), [], [known(f"m{nth}", 1) for nth in range(5)], AT)
    assert len(many.mentors) == 5
