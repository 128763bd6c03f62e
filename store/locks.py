"""The advisory locks that Trellis takes in Postgres, each with its number: no two services can share one by mistake."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """Most are held by the process that leads in something. A number never gets another meaning: during an upgrade,
    processes of both releases run."""

    MIGRATIONS = 7_455_001
    SEQUENCER = 7_455_002
    GENERATIONS = 7_455_003
    """With the name of a view: its tables are created, exchanged or dropped."""
    VIEWS = 7_455_004
    """With the name of a view: its runner. Also in projections/queries/leases_held.sql."""
    REBUILD = 7_455_005
    """With the name of a view."""
    COURIER = 7_455_006
    PLACES = 7_455_010
    SCHEDULES = 7_455_011
    LEDGER = 7_455_012
    URGENT_ROUNDS = 7_455_013
    METRICS = 7_455_014
    WEBHOOKS = 7_455_015
    SURVEYS = 7_455_016
    REPORTS = 7_455_017
    JOURNEYS_RECONCILED = 7_455_021
    MESSAGES_RECONCILED = 7_455_022
    COHORTS_RECONCILED = 7_455_023
    ROUNDS_RECONCILED = 7_455_025
    TAKE_BACKS_RECONCILED = 7_455_026
    BULKS_RECONCILED = 7_455_027
    REVIEW_LETTERS_RECONCILED = 7_455_031
    QA_ROUNDS_RECONCILED = 7_455_028
