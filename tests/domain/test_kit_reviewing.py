"""What nobody should publish: each finding by a kit that has nothing else wrong with it."""

from typing import Any

import pytest

from domain.kit import Kit, findings_of

GOOD: dict[str, Any] = {
    "program": "p",
    "version": "1",
    "title": "P",
    "promise": {
        "outcome": "o",
        "audience": "a",
        "duration": "8 weeks",
        "cadence": "c",
        "support": "s",
        "measures": ["m"],
    },
    "intake": {
        "questions": [
            {"id": "goal", "ask": "?", "kind": "choice", "options": ["job", "raise", "none"]},
            {"id": "pace", "ask": "?", "kind": "choice", "options": ["fast", "slow"], "required": False},
        ]
    },
    "pathways": [
        {
            "id": "main",
            "title": "Main",
            "mentor_type": "any",
            "ends": "6 weeks",
            "sessions": [
                {
                    "id": f"s{week}",
                    "title": "S",
                    "purpose": "p",
                    "after": f"{week} weeks",
                    "goal": "g",
                    "artifact": "a",
                    "next_step": "n",
                }
                for week in (1, 2, 3)
            ],
            "milestones": [{"id": "m", "title": "M", "due": "3 weeks"}],
        }
    ],
}
CASE: dict[str, Any] = {"open_case": "ops"}


def found(changes: dict[str, Any], grave: bool = True) -> list[str]:
    kit = Kit.model_validate(GOOD | changes)
    return [f"{'.'.join(map(str, one.place))}: {one.says}" for one in findings_of(kit) if one.grave == grave]


def rule(when: dict[str, Any], then: dict[str, Any] = CASE, *later: dict[str, Any]) -> dict[str, Any]:
    return {"escalations": [{"id": "e", "title": "E", "when": when, "then": then, "later": later}]}


def pathway(**changes: Any) -> dict[str, Any]:
    return {"pathways": [GOOD["pathways"][0] | changes]}


def message(when: str, **more: str) -> dict[str, str]:
    return {"when": when, "subject": "s", "text": "a.md"} | more


def step(after: str, then: dict[str, Any]) -> dict[str, Any]:
    return {"after": after, "then": then}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert (found({}), found({}, grave=False)) == ([], [])
    whole = rule({"overdue": "milestone"}, {"nudge": "learner"}, step("2 days", CASE))
    whole["escalations"].append({"id": "late", "title": "L", "when": {"overdue": "case"}, "then": CASE})
    assert (found(whole), found(whole, grave=False)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (pathway(assets=["a.md"]), "pathways.0.assets.0: there is no text 'a.md'"),
        ({"mentor_kit": {"onboarding": "a.md"}}, "mentor_kit.onboarding: there is no text 'a.md'"),
        ({"messages": {"hello": message("follow_up")}}, "messages.hello.text: there is no text 'a.md'"),
        (
            {
                "pathways": [
                    GOOD["pathways"][0] | {"when": {"goal": ["job", "raise"]}},
                    GOOD["pathways"][0] | {"id": "b", "when": {"goal": ["raise"], "pace": ["fast"]}},
                ]
            },
            "pathways.1.when: nobody is routed to pathway 'b'",
        ),
        (
            {"capacity": {"minutes_a_week": 60, "costs": {"cohort": {}}}},
            "pathways.0.sessions.0: this session takes 80 minutes of a mentor, and a week has 1 hour at most",
        ),
        ({"service_levels": {"match": "0 hours"}}, "service_levels.match: nobody can meet this"),
        ({"service_levels": {"notes": "2 days"}}, "service_levels.notes: this service level is never used"),
        ({"service_levels": {"offer": "2 days"}}, "service_levels.offer: this service level is never used"),
        ({"intake": {"within": "3 days", "reminders": ["3 days"]}}, "intake.reminders.0: this reminder is never sent"),
        (pathway(milestones=[{"id": "m", "title": "M", "due": "0 days"}]), "due: nobody can meet this"),
        (
            pathway(milestones=[{"id": "m", "title": "M", "due": "2 days", "reminders": ["3 days"]}]),
            "pathways.0.milestones.0.reminders.0: this reminder is never sent",
        ),
        ({"monitoring": {"first_within": "7 weeks"}}, "monitoring.first_within: no check-in ever falls due"),
        (rule({"overdue": "notes"}), "escalations.0.when: escalation 'e' never fires: no session has a `notes`"),
        (rule({"overdue": "offer"}), "escalations.0.when: escalation 'e' never fires: `matching.asks` names nobody"),
        (rule({"overdue": "check_in"}), "never fires: the kit has no `monitoring`"),
        (rule({"overdue": "follow_up"}), "never fires: this program sends no follow-up"),
        (rule({"overdue": "remedy"}), "never fires: no escalation offers a remedy"),
        (rule({"no_activity_for": "6 weeks"}), "never fires: the longest pathway ends after 6 weeks"),
        (rule({"sessions_missed_in_a_row": 4}), "never fires: no pathway has more than 3 sessions"),
        (rule({"sessions_missed": 3, "within": "2 weeks"}), "never fires: no 3 sessions lie within 2 weeks"),
        (rule({"milestone_setbacks": 1}) | pathway(milestones=[]), "never fires: no pathway has a milestone"),
        (rule({"overdue": "match"}, {"nudge": "mentor"}), "escalations.0.then.nudge: this has no effect"),
        (rule({"overdue": "match"}, {"open_case": "mentor"}), "escalations.0.then.open_case: this has no effect"),
        (rule({"overdue": "match"}, {"offer": ["reset"]}), "escalations.0.then.offer: this has no effect"),
        (
            rule({"overdue": "wrap_up"}, CASE, step("1 day", CASE)),
            "escalations.0.later.0.after: this step is never taken",
        ),
        (
            rule({"no_activity_for": "5 weeks"}, CASE, step("1 week", CASE)),
            "escalations.0.later.0.after: this step is never taken",
        ),
        (
            rule({"overdue": "milestone"}, {"open_case": "ops", "respond_within": "0 hours"}),
            "escalations.0.then.respond_within: nobody can meet this",
        ),
        ({"human": ["diagnosis", "feedback", "judgment"]}, "human: encouragement is missing"),
        (
            {"human": ["diagnosis", "encouragement", "feedback", "judgment", "closing"]},
            "human: closing stays with people, but every journey may close by the clock alone",
        ),
        (rule({"help_asked": True}, {"nudge": "learner"}), "escalations.0.then: 'e' answers a learner in trouble with"),
        (
            rule({"confidence_below": 4}, {"offer": ["pause"]}, step("1 day", CASE)),
            "escalations.0.then.offer: 'e' offers a remedy before any person has looked",
        ),
        ({"messages": {"milestone-feedback": message("follow_up")}}, "would replace what stays with people"),
        (
            {"messages": {"one": message("nudge"), "other": message("nudge")}},
            "messages.other: 'other' and 'one' are for the same occasion",
        ),
        ({"messages": {"one": message("nudge", rule="quiet")}}, "messages.one.rule: there is no escalation 'quiet'"),
    ],
)
def test_what_nobody_should_publish_is_found(changes: dict[str, Any], says: str) -> None:
    assert any(says in one for one in found(changes)), found(changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"capacity": {"minutes_a_week": 60}}, "capacity.minutes_a_week: nobody's minutes are counted"),
        (pathway(when={"goal": ["job"]}), "pathways: some answers lead to no pathway"),
        (pathway(when={"pace": ["fast", "slow"]}), "the route to 'main' depends on 'pace', which is optional"),
        ({"checklists": {"first": ["a"]}}, "checklists.first: nothing uses the checklist 'first'"),
        ({"templates": [{"id": "t", "title": "T"}]}, "templates.0: no session uses the template 't'"),
        ({"texts": {"a.md": "A"}}, "texts.a.md: nothing uses the text 'a.md'"),
        ({"service_levels": {"match": "2 days"}}, "service_levels: nobody is notified when these are late: match"),
        (pathway(ends="9 weeks"), "pathways.0.ends: pathway 'main' lasts 9 weeks, longer than the program promises"),
        (rule({"help_asked": True}), "escalations.0: nobody is notified when the case that 'e' opens is not answered"),
        (
            pathway(sessions=[{"id": "s", "title": "S", "purpose": "p", "after": "1 week", "goal": "g"}]),
            "pathways.0.sessions: these sessions have no `artifact`: s",
        ),
        (
            {"texts": {"a.md": "A"}, "messages": {"one": message("remedies")}},
            "messages.one: the message 'one' is never sent",
        ),
        (
            {"texts": {"a.md": "A"}, "messages": {"one": message("case")}, "intake": {"reminders": ["3 days"]}},
            "intake.reminders: the learner gets no message: there is none for `reminder` of the intake",
        ),
        (
            {"texts": {"a.md": "A"}, "messages": {"one": message("paused", to="learner")}},
            "pausing: the mentor gets no message: there is none for `paused`",
        ),
        (
            {"texts": {"a.md": "A"}, "messages": {"one": message("paused")}},
            "intake: the learner gets no message: there is none for `declined`",
        ),
    ],
)
def test_what_is_dubious_is_a_warning_and_no_more(changes: dict[str, Any], says: str) -> None:
    assert found(changes) == []
    assert any(says in one for one in found(changes, grave=False)), found(changes, grave=False)


def test_a_message_that_only_reminds_of_human_work_is_none_itself() -> None:
    texts = {"texts": {"a.md": "x"}, "messages": {"review-due": message("follow_up")}}
    assert found(texts) == []


def test_a_message_that_passes_on_the_review_of_a_person_may_be_called_so() -> None:
    assert found({"texts": {"a.md": "x"}, "messages": {"review-in": message("reviewed")}}) == []
