"""The names of the roles."""

from enum import StrEnum


class Role(StrEnum):
    """What a process can do. Any number of processes may have any of them."""

    JOURNEYS = "journeys"
    """Runs workflows and activities, and keeps them in step with the log; one process leads in that."""
    PROGRAMS = "programs"
    """Runs what concerns many people of a program at once, and keeps its schedules; one process leads in that."""
    MESSAGES = "messages"
    """Writes to people, through the channel that TRELLIS_MESSAGES names, and sees to it that no message is lost."""
    WEBHOOKS = "webhooks"
    """Delivers events to the webhooks of other systems; one process leads in seeing what there is to deliver."""
    SEQUENCER = "sequencer"
    """Gives events their positions; one leads, others stand by."""
    PROJECTOR = "projector"
    """Keeps the views."""
    HTTP = "http"
    """Serves the board and the API. Health and metrics are served whatever the roles."""
