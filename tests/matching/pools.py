"""Kits and pools to match, hand-made and random."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from domain.fit.criteria import CRITERIA
from domain.fit.rules import RULES
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.kit import Kit
from domain.matching.pool import Available, Candidate, Pair, Pool
from domain.profiles import Check, LearnerProfile, Leave, MentorProfile
from domain.scheduling.week import WEEKDAYS, Window

AT = datetime(2026, 3, 25, 12, tzinfo=UTC)


def kit(
    matching: Mapping[str, object] | None = None, capacity: Mapping[str, object] | None = None, **fields: object
) -> Kit:
    return Kit.model_validate(
        {
            "program": "p",
            "version": "1",
            "title": "P",
            "promise": {
                "outcome": "o",
                "audience": "a",
                "duration": "8 weeks",
                "cadence": "c",
                "support": "s",
                "measures": ["m"],
            },
            "pathways": [{"id": "main", "title": "Main", "mentor_type": "mentor", "ends": "8 weeks"}],
            "matching": matching or {},
            "capacity": capacity or {},
        }
        | fields
    )


def candidate(learner: str, *, days: float = 0, **fields: Any) -> Candidate:
    profile = {name: fields.pop(name) for name in LearnerProfile.model_fields if name in fields}
    return Candidate(
        journey=JourneyId(f"p.{learner}"),
        learner=LearnerId(learner),
        profile=LearnerProfile.model_validate(profile),
        waiting_since=AT - timedelta(days=days),
        **fields,
    )


def available(mentor: str, *, free: int = 1, to_target: int | None = None, **fields: Any) -> Available:
    profile = {name: fields.pop(name) for name in MentorProfile.model_fields if name in fields}
    target = free if to_target is None else to_target
    return Available(
        mentor=MentorId(mentor),
        profile=MentorProfile.model_validate(profile),
        free=free,
        free_to_target=target,
        **fields,
    )


def pool(*people: Candidate | Available, **fields: Any) -> Pool:
    return Pool(
        program=ProgramId("p"),
        kit=KitDigest("k"),
        at=AT,
        candidates=tuple(one for one in people if isinstance(one, Candidate)),
        mentors=tuple(one for one in people if isinstance(one, Available)),
        key="round-1",
        **fields,
    )


def pair(learner: str, mentor: str) -> Pair:
    return Pair(learner=LearnerId(learner), mentor=MentorId(mentor))


LEARNER_IDS = [*(LearnerId(f"l-{nth}") for nth in range(6)), LearnerId("m-1")]
MENTOR_IDS = [MentorId(f"m-{nth}") for nth in range(4)]


def kits() -> st.SearchStrategy[Kit]:
    return st.integers(0, 2**32).map(lambda seed: random_kit(Random(seed)))  # noqa: S311


def pools() -> st.SearchStrategy[Pool]:
    """Drawn by a seed, since drawing each of so many fields by itself takes a hundred times as long."""
    return st.integers(0, 2**32).map(lambda seed: random_pool(Random(seed)))  # noqa: S311


def random_learner(seed: int) -> Candidate:
    return _learner(Random(seed), LEARNER_IDS[0])  # noqa: S311


def random_mentor(seed: int) -> Available:
    return _mentor(Random(seed), MENTOR_IDS[0])  # noqa: S311


def random_pool(draw: Random) -> Pool:
    candidates = [_learner(draw, one) for one in draw.sample(LEARNER_IDS, draw.randint(0, 6))]
    mentors = [_mentor(draw, one) for one in draw.sample(MENTOR_IDS, draw.randint(0, 4))]
    pairs = [pair(draw.choice(LEARNER_IDS), draw.choice(MENTOR_IDS)) for _ in range(draw.choice([0, 0, 4]))]
    return pool(*candidates, *mentors, pinned=tuple(pairs[:2]), forbidden=tuple(pairs[2:]))


def random_kit(draw: Random) -> Kit:
    named = [one.name for one in RULES.values() if not one.always]
    weights = {name: draw.choice([0, 1, 2, 5, 0.7]) for name in draw.sample(list(CRITERIA), draw.randint(0, 6))}
    return kit(
        {
            "rules": draw.sample(named, draw.randint(0, 3)),
            "weights": weights,
            "skills_by": draw.choice(["share", "jaccard", "any"]),
            "common_hours": f"{draw.choice([15, 60, 100, 10_081])} minutes",
            "ample_hours": f"{draw.choice([1, 240])} minutes",
            "checks": draw.choice([[], ["x"]]),
            "balance": draw.choice([0, 3, 0.5]),
            "least_points": draw.choice([0, 30]),
            "unmatched": {"points": draw.choice([30, 60, 100])},
            "wishes": {"of_learners": draw.randint(0, 3), "of_mentors": draw.randint(0, 3)},
        },
        {"overflow": draw.choice(["wait", "past_target", "past_limit"]), "learners_per_mentor": 5},
    )


def _learner(draw: Random, name: LearnerId) -> Candidate:
    words = {trait: _words(draw) for trait in _WORDS_OF_LEARNERS}
    return Candidate(
        journey=JourneyId(f"p.{name}"),
        learner=name,
        profile=LearnerProfile(
            **words,
            confidence=_perhaps(draw, draw.randint(1, 10)),
            time_zone=draw.choice(_ZONES),
            availability=_week(draw),
            segment=draw.choice([None, "a", "b"]),
            wishes=tuple(_few(draw, MENTOR_IDS)),
            never=tuple(_few(draw, MENTOR_IDS)[:1]),
        ),
        mentor_type=draw.choice([None, "peer", "Expert"]),
        waiting_since=AT - timedelta(days=draw.randint(0, 60)),
        urgent=draw.random() < 0.3,
        declined=tuple(_few(draw, MENTOR_IDS)[:1]),
    )


def _mentor(draw: Random, name: MentorId) -> Available:
    words = {column: _words(draw) for column in _WORDS_OF_MENTORS}
    free = draw.randint(0, 3)
    checks = [Check(check=one, valid_until=_perhaps(draw, _day(draw).date())) for one in _few(draw, ["x", "y"])]
    leave = [Leave(starts_at=day, ends_at=day + timedelta(days=5)) for day in [_day(draw)] if draw.random() < 0.5]
    return Available(
        mentor=name,
        profile=MentorProfile(
            **words,
            mentor_type=draw.choice([None, "peer", "expert"]),
            places=draw.choice([None, 0, 3, 8]),
            supports_from=_perhaps(draw, draw.randint(1, 10)),
            time_zone=draw.choice(_ZONES),
            availability=_week(draw),
            onboarded_on=_perhaps(draw, _day(draw).date()),
            checks=tuple(checks),
            wishes=tuple(_few(draw, LEARNER_IDS)),
            never=tuple(_few(draw, LEARNER_IDS)[:1]),
        ),
        learners=draw.randint(0, 4),
        free=free,
        free_to_target=draw.randint(0, free),
        trained=draw.random() < 0.7,
        rests_until=draw.choice([None, None, _day(draw)]),
        leave=tuple(leave),
    )


_ZONES = (None, "UTC", "Asia/Kolkata", "America/New_York", "Pacific/Kiritimati", "nowhere")
_WORDS_OF_LEARNERS = (
    *("problem_type", "pace", "communication_style", "learning_style", "channel", "format", "goals", "skills"),
    *("languages", "affiliation"),
)
_WORDS_OF_MENTORS = (
    *("expertise", "ideal_learner", "pace", "session_style", "learning_style", "channel", "format", "outcomes"),
    *("skills", "languages", "affiliation"),
)
One = TypeVar("One")


def _words(draw: Random) -> tuple[str, ...]:
    return tuple(_few(draw, ["a", "B", "b", "c", "d"]))


def _few(draw: Random, those: Sequence[One]) -> list[One]:
    return draw.sample(those, draw.randint(0, min(len(those), 3)))


def _perhaps(draw: Random, value: One) -> One | None:
    return value if draw.random() < 0.7 else None


def _day(draw: Random) -> datetime:
    return AT + timedelta(days=draw.randint(-30, 30))


def _week(draw: Random) -> tuple[Window, ...]:
    """Now and then to the end of the day, so that windows join over midnight and over Sunday."""
    starts = [draw.randrange(0, 1440, 15) for _ in range(draw.randint(0, 3))]
    ends = [draw.choice([1440, min(start + draw.randint(1, 600), 1440)]) for start in starts]
    days = [tuple(draw.sample(WEEKDAYS, draw.randint(1, 7))) for _ in starts]
    return tuple(
        Window(days=those, start=draw.choice([0, start]), end=end)
        for those, start, end in zip(days, starts, ends, strict=True)
    )
