"""When a program may grow: what must be shown before enrollment is opened for more learners than a pilot has (R71, R75,
R76). Each rule can be left out; what is asked is asked of data."""

from pydantic import Field

from domain.values import Duration, Frozen


class Repeatable(Frozen):
    """The program runs alike for everybody: enough journeys have ended, and most of what was planned took place."""

    journeys: int = Field(default=20, ge=1)
    """That have ended, at least. Declined intakes are not counted."""
    completed: float | None = Field(default=0.5, ge=0, le=1)
    """The share of these that reached the end, at least. None: it is not asked."""
    sessions_held: float | None = Field(default=0.8, ge=0, le=1)
    """The share of sessions that took place, of those whose attendance is known."""
    follow_ups_in_time: float | None = Field(default=None, ge=0, le=1)
    """The share of follow-ups that were sent in time, of those that were asked for."""


class Trainable(Frozen):
    """New mentors can be prepared: the guides are written, and mentors have gone through the training."""

    guides: bool = True
    """Whether `mentor_kit` must have an onboarding, an escalation guide and sample notes."""
    trained: float | None = Field(default=0.8, ge=0, le=1)
    """The share of mentors who have acknowledged every step of the training, of those who were ever matched."""


class Measurable(Frozen):
    """What becomes of learners is known."""

    outcomes_known: float | None = Field(default=0.7, ge=0, le=1)
    """The share of journeys of which it is known whether the promise was kept, of those that have ended."""
    answered: float | None = Field(default=None, ge=0, le=1)
    """The share of surveys that were answered, of those that were sent and are no longer open."""


class Improving(Frozen):
    """The program gets better, or at least no worse, and people look at it."""

    over: Duration = Field(default="90 days", validate_default=True)
    """Journeys that ended in this time before now are compared with those that ended earlier."""
    journeys: int = Field(default=10, ge=1)
    """The least on each side."""
    fall: float = Field(default=0.05, ge=0, le=1)
    """By how much the share of completed journeys may have fallen, at most."""
    reviews: int = Field(default=1, ge=0)
    """How many monthly reviews were released, at least."""


class NotOneStar(Frozen):
    """The results do not hang on one mentor."""

    mentors: int = Field(default=3, ge=1)
    """With whom somebody completed the program, at least."""
    share: float = Field(default=0.5, gt=0, le=1)
    """The largest share of completed journeys that one mentor may have."""


class Growth(Frozen):
    beyond: int = Field(default=30, ge=0)
    """Enrollment is opened for up to so many places without asking; for more, or without a limit, every rule must
    hold, or a person gives the reason to open it all the same."""
    repeatable: Repeatable | None = Repeatable()
    trainable: Trainable | None = Trainable()
    measurable: Measurable | None = Measurable()
    improving: Improving | None = Improving()
    not_one_star: NotOneStar | None = NotOneStar()

    def asks_at(self, places: int | None) -> bool:
        """Whether opening enrollment for so many places is a growth that must be earned. None: without a limit."""
        return places is None or places > self.beyond
