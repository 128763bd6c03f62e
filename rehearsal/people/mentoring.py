"""Mentors who are quick or slow, and sometimes ill. Assumed: the data says nothing of them.

A mentor's pace is log-normal and stays the same: the slowest tenth take about twice as long as the median. In one week
of fifty a mentor is ill, and does nothing until the week is over.
"""

import math
from datetime import datetime, timedelta

from rehearsal.people.draws import Draws

_SPREAD = 0.5
ILL = 0.02
"""The share of weeks."""
_WEEK = timedelta(weeks=1)


def pace(draws: Draws) -> float:
    return math.exp(_SPREAD * draws.normal("pace"))


def when_well(draws: Draws, at: datetime) -> datetime:
    """The same moment, or as much into the first week in which the mentor is not ill."""
    while draws.happens(ILL, "ill", "{}-{}".format(*at.isocalendar()[:2])):
        at += _WEEK
    return at
