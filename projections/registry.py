"""Every projection that there is. A new view is a file of its own, its SQL, and a line here."""

from collections.abc import Mapping

from projections.attention import Attention
from projections.board import Board
from projections.daily_activity import DailyActivity
from projections.delivered import Delivered
from projections.funnel import Funnel
from projections.intake import Intake
from projections.journeys import JourneyViews
from projections.mentor_load import MentorLoad
from projections.messages import Messages
from projections.projection import Projection
from projections.timeline import Timeline
from projections.training import Training
from projections.upcoming import Upcoming

JOURNEY_VIEWS = (Board(), Attention(), Upcoming())
"""The views of the present state of journeys. One fold makes the rows of all of them."""

PROJECTIONS: Mapping[str, Projection] = {
    projection.name: projection
    for projection in (
        JourneyViews(JOURNEY_VIEWS),
        DailyActivity(),
        Delivered(),
        Funnel(),
        Intake(),
        MentorLoad(),
        Messages(),
        Timeline(),
        Training(),
    )
}
