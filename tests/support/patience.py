"""How long a test waits for a process before it gives up. It goes on at once when what it waits for is there."""

STARTING_SECONDS = 240.0
"""For a process, or several, to start on a machine that is busy with other things."""
NOTICING_SECONDS = 60.0
"""For a process that runs to notice something."""
