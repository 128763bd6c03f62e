"""Pools of any size that look like a program's: all rules and criteria, popular topics, hours around the world."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, TypeVar

from domain.fit.criteria import CRITERIA
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.kit import Kit
from domain.matching.pool import Available, Candidate, Pool
from domain.profiles import Check, LearnerProfile, MentorProfile
from domain.scheduling.week import Week, Window

AT: Final = datetime(2026, 3, 25, 12, tzinfo=UTC)
RULES: Final = ("common_hours", "language", "conflict_of_interest", "format", "training_acknowledged", "checks_valid")
KIT: Final = Kit.model_validate(
    {
        "program": "bench",
        "version": "1",
        "title": "Bench",
        "promise": {
            "outcome": "a portfolio",
            "audience": "beginners",
            "duration": "12 weeks",
            "cadence": "weekly",
            "support": "a mentor",
            "measures": ["portfolios shown"],
        },
        "pathways": [{"id": "main", "title": "Main", "mentor_type": "any", "ends": "12 weeks"}],
        "matching": {
            "rules": RULES,
            "weights": dict.fromkeys(CRITERIA, 1) | {"problem_type": 3, "skills": 2},
            "wishes": {"of_learners": 3, "of_mentors": 3},
        },
    }
)
_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "Africa/Lagos", "Asia/Tokyo")
_LANGUAGES = ("en", "de", "es", "fr", "hi", "pt")
One = TypeVar("One")


def pool(learners: int, mentors: int, seed: int = 7) -> Pool:
    """With a tenth more places than learners."""
    draw = Random(seed)  # noqa: S311 - the same pool in every run
    places = [1 + draw.randrange(2 * learners * 11 // (10 * mentors)) for _ in range(mentors)]
    return Pool(
        program=ProgramId("bench"),
        kit=KitDigest("bench"),
        at=AT,
        candidates=tuple(_learner(draw, nth, mentors) for nth in range(learners)),
        mentors=tuple(_mentor(draw, nth, free, learners) for nth, free in enumerate(places)),
        key="bench",
    )


def _learner(draw: Random, nth: int, mentors: int) -> Candidate:
    profile = LearnerProfile(
        problem_type=_some(draw, "problem", 12, 1),
        pace=_some(draw, "pace", 3, 1),
        communication_style=_some(draw, "style", 4, 1),
        learning_style=_some(draw, "learning", 4, 2),
        channel=_some(draw, "channel", 4, 2),
        format=_some(draw, "format", 3, 2),
        confidence=draw.randint(1, 10),
        goals=_some(draw, "goal", 10, 2),
        skills=_some(draw, "skill", 40, 5),
        languages=("en", *draw.sample(_LANGUAGES[1:], draw.randint(0, 1))) if draw.random() < 0.8 else ("fr",),
        affiliation=_some(draw, "company", 300, 1),
        time_zone=_popular(draw, _ZONES),
        availability=_week(draw),
        segment=f"segment-{draw.randrange(4)}",
        wishes=tuple(MentorId(f"mentor-{draw.randrange(mentors)}") for _ in range(draw.randint(0, 3))),
    )
    waits = timedelta(days=draw.randint(0, 30))
    name = f"learner-{nth}"
    return Candidate(
        journey=JourneyId(f"bench.{name}"), learner=LearnerId(name), profile=profile, waiting_since=AT - waits
    )


def _mentor(draw: Random, nth: int, free: int, learners: int) -> Available:
    profile = MentorProfile(
        expertise=_some(draw, "problem", 12, 3),
        ideal_learner=(f"segment-{draw.randrange(4)}",),
        pace=_some(draw, "pace", 3, 2),
        session_style=_some(draw, "style", 4, 2),
        learning_style=_some(draw, "learning", 4, 3),
        channel=_some(draw, "channel", 4, 3),
        format=_some(draw, "format", 3, 2),
        outcomes=_some(draw, "goal", 10, 3),
        supports_from=draw.randint(1, 5),
        skills=_some(draw, "skill", 40, 12),
        languages=("en", *draw.sample(_LANGUAGES[1:], draw.randint(0, 2))),
        affiliation=_some(draw, "company", 300, 1),
        time_zone=_popular(draw, _ZONES),
        availability=_week(draw),
        wishes=tuple(LearnerId(f"learner-{draw.randrange(learners)}") for _ in range(draw.randint(0, 3))),
        onboarded_on=date(2026, 1, 1),
        checks=(Check(check="background", valid_until=None if draw.random() < 0.9 else date(2026, 1, 1)),),
    )
    return Available(
        mentor=MentorId(f"mentor-{nth}"),
        profile=profile,
        learners=draw.randint(0, 3),
        free=free,
        free_to_target=free,
        trained=draw.random() < 0.95,
    )


def _popular(draw: Random, words: tuple[One, ...]) -> One:
    """The first twice as often as the second, and so on."""
    return draw.choices(words, [1 / (place + 1) for place in range(len(words))])[0]


def _some(draw: Random, word: str, kinds: int, most: int) -> tuple[str, ...]:
    names = tuple(f"{word}-{nth}" for nth in range(kinds))
    return tuple(dict.fromkeys(_popular(draw, names) for _ in range(most)))


def _week(draw: Random) -> Week:
    evening = 15 * draw.randint(64, 80)
    days: Week = (
        Window(days=("mon", "tue", "wed", "thu", "fri"), start=evening, end=evening + 15 * draw.randint(6, 16)),
    )
    if draw.random() < 0.5:
        morning = 15 * draw.randint(28, 40)
        days = (*days, Window(days=("sat", "sun"), start=morning, end=morning + 15 * draw.randint(4, 20)))
    return days
