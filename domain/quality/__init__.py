"""The quality of sessions: scores that people give them, and the rounds in which a few are sampled for that.

In reading order: scores (an aggregate for each journey), sampling (which sessions a round looks at), reviews (a round,
an aggregate). Judgment stays with people: nothing in here scores a session.
"""
