"""The pure player: a scenario on `domain/` alone, by a virtual clock.

Nothing here decides anything about mentoring. A journey is decided by `domain.journey`, a place by `domain.mentor`, as
they are for real; what a workflow, its activities and a server add to them, time and order, is all that is here.

    recording   what is recorded, in the form of the log
    journey     one journey, with a clock of its own
    mentors     the ledgers of all mentors
    stories     what people do: learners, mentors and their acts
    player      all of them together, in the order of time
"""
