"""Who may meet whom is looked up for many at once, and comes to the same as pair by pair."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import JourneyId, LearnerId, MentorId
from domain.matching.may_meet import MayMeet
from domain.matching.pool import Available, Candidate
from domain.profiles import LearnerProfile, MentorProfile
from tests.domain.stories import day

_NAMES = st.sampled_from(["ana", "ben", "cho", "dan", "eve"])
_FEW = st.lists(_NAMES, max_size=2)
_LANGUAGES = st.lists(st.sampled_from(["en", "de", "fr"]), max_size=2, unique=True)


def learner(nth: int, name: str, languages: list[str], never: list[str], declined: list[str]) -> Candidate:
    return Candidate(
        journey=JourneyId(f"p.{nth}"),
        learner=LearnerId(name),
        waiting_since=day(0),
        profile=LearnerProfile.model_validate({"languages": languages, "never": never}),
        declined=tuple(map(MentorId, declined)),
    )


def mentor(name: str, languages: list[str], never: list[str]) -> Available:
    profile = MentorProfile.model_validate({"languages": languages, "never": never})
    return Available(mentor=MentorId(name), profile=profile)


def may_meet(one: Candidate, lead: Available) -> bool:
    mine, theirs = one.profile, lead.profile
    if str(one.learner) == str(lead.mentor):
        return False
    if lead.mentor in mine.never or lead.mentor in one.declined or one.learner in theirs.never:
        return False
    return not mine.languages or not theirs.languages or bool(set(mine.languages) & set(theirs.languages))


@given(
    st.lists(st.tuples(_NAMES, _LANGUAGES, _FEW, _FEW), min_size=1, max_size=8),
    st.lists(st.tuples(_NAMES, _LANGUAGES, _FEW), min_size=1, max_size=5, unique_by=lambda one: one[0]),
    st.data(),
)
def test_many_at_once_as_pair_by_pair(
    learners: list[tuple[str, list[str], list[str], list[str]]],
    mentors: list[tuple[str, list[str], list[str]]],
    data: st.DataObject,
) -> None:
    candidates = [learner(nth, *one) for nth, one in enumerate(learners)]
    leads = [mentor(*one) for one in mentors]
    pairs = np.array([[may_meet(one, lead) for lead in leads] for one in candidates])
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(candidates) - 1)))), np.intp)
    columns = np.array(data.draw(st.lists(st.integers(0, len(leads) - 1), min_size=1, unique=True)), np.intp)
    found = MayMeet(candidates, leads)
    assert found.welcome(rows).tolist() == pairs[rows].sum(axis=0).tolist()
    assert found.all_of(rows, columns).tolist() == pairs[rows][:, columns].all(axis=1).tolist()
