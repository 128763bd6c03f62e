"""Commands at a steady rate while processes are killed, and afterwards an account of every one of them.

`python -m tests.chaos` (or `make chaos`) brings Trellis up as a user would, in a folder of its own; sends commands by
update and by signal to many journeys; kills the worker, Postgres, Temporal and `trellis up` itself at random moments of
a seed; and at the end compares the sender's own record with the log.
"""
