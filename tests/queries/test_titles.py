"""What kits call sessions and questions, in lists of many."""

from queries.titles import Titles

TITLES = Titles(
    title="Program",
    offers=False,
    group="Group",
    rules={},
    sessions={"fast": {"s1": "Kickoff", "s2": "Review"}, "slow": {"s1": "Welcome", "s3": "Review"}},
    milestones={"cv": "CV"},
    surveys={"after": "After a session"},
    questions={"goal": "What for?", "hours": "How many " + "hours " * 20},
)


def test_the_id_is_said_only_where_two_share_a_title() -> None:
    assert TITLES.named("session", "s1") == "Kickoff or Welcome"
    assert [TITLES.named("session", one) for one in ("s2", "s3")] == ["Review (s2)", "Review (s3)"]
    assert TITLES.named("session", "gone") == "gone"
    assert (TITLES.named("milestone", "cv"), TITLES.named("survey", "after")) == ("CV", "After a session")


def test_a_long_question_is_shortened() -> None:
    assert TITLES.named("question", "goal") == "What for?"
    long = TITLES.named("question", "hours")
    assert (len(long), long.endswith(" …")) == (80, True)
