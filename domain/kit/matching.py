"""How a mentor is found (R57 to R59, R83, R93): who is asked, what counts, when it is done."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.ids import Slug
from domain.kit.words import Text
from domain.scheduling.week import Week
from domain.values import Duration, Frozen

Points = Annotated[float, Field(ge=0, le=1_000)]
"""A perfect fit has 100 points."""


class Unmatched(Frozen):
    """What it costs to leave a learner without a mentor for now: a pair that costs more is not made."""

    points: Points = 60
    a_day: Points = 2
    """How much it rises with each day of waiting."""
    most: Points = 200


class Wishes(Frozen):
    """How many wishes each side may rank, and what they count: the first wish `points`, each further one less."""

    of_learners: Annotated[int, Field(ge=0, le=50)] = 0
    of_mentors: Annotated[int, Field(ge=0, le=50)] = 0
    points: Points = 10


class Declined(Frozen):
    """A reason for which offers are declined, and how long the mentor is then left in peace."""

    title: Text
    rests: Duration | None = None
    """None: only this pair is not proposed again."""


class Rounds(Frozen):
    """When mentors are found for all who wait, in one round."""

    every: Duration = timedelta(days=7)
    urgent: Mapping[Slug, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The answers of learners for whom a round begins at once, as for a pathway. Empty: for nobody."""
    released_by: Literal["ops", "schedule"] = "ops"
    """Whether a person releases a draft, or it is released as soon as it is made."""


class Matching(Frozen):
    asks: tuple[Literal["mentor", "learner"], ...] = ()
    """Who must accept an offered match before it holds."""
    rules: tuple[Slug, ...] = ()
    """What must hold for a pair to be possible at all, by the names of hard rules."""
    weights: Mapping[Slug, Annotated[float, Field(ge=0)]] = {}
    """What counts for the fit, and how much."""
    common_hours: Duration = timedelta(hours=1)
    """How long both must be free in a week, at one stretch, for the rule `common_hours`."""
    ample_hours: Duration = timedelta(hours=4)
    """How many common hours in a week are a full fit for the criterion `times`."""
    checks: tuple[Slug, ...] = ()
    """What must be verified about a mentor, for the rule `checks_valid`. Empty: whatever was must still hold."""
    skills_by: Literal["share", "jaccard", "any"] = "share"
    """How skills are compared: the share of the learner's that the mentor has; what they have in common of all that
    either has; or whether they have any in common."""
    hours: Mapping[Text, Week] = {}
    """What the options of the question that tells `availability` mean, as hours of a week."""
    unmatched: Unmatched = Unmatched()
    least_points: Points = 0
    """A pair below this is not made."""
    balance: Points = 3
    """What each further learner of the same mentor costs, so that the load is shared."""
    wishes: Wishes = Wishes()
    declines: Mapping[Slug, Declined] = {}
    """The reasons for which offers may be declined. Empty: any words do, and only the pair is not proposed again."""
    rounds: Rounds | None = None
    """None: rounds are made on demand only."""
