"""The program of a made-up term, in two versions: the second no longer insists on the question that loses people."""

from domain.kit import Kit

TEMPLATES = ("talk", "plan", "work")
SESSIONS = tuple((f"s{number}", TEMPLATES[(number - 1) % 3]) for number in range(1, 7))
"""Each with the template of its notes."""
QUESTIONS = ("goal", "experience", "portfolio", "hours", "style")
LOSING, VAGUE = "portfolio", "plan"
"""The question of the intake, and the template, that the faults are planted in."""

_SURVEYS = [
    {
        "id": "after-session",
        "title": "After the session",
        "of": "learner",
        "after": "session",
        "wait": "2 hours",
        "questions": [
            {
                "id": "clarity",
                "ask": "How clear is your next step?",
                "kind": "scale",
                "least": 1,
                "most": 5,
                "tells": "clarity",
                "required": True,
            },
            {"id": "useful", "ask": "Was it worth its time?", "kind": "scale", "least": 1, "most": 5},
        ],
    },
    {
        "id": "pulse",
        "title": "How is it going?",
        "of": "learner",
        "first": "12 days",
        "every": "28 days",
        "questions": [
            {"id": "content", "ask": "How content are you?", "kind": "scale", "tells": "satisfaction", "required": True}
        ],
    },
    {
        "id": "mentor-closing",
        "title": "Looking back",
        "of": "mentor",
        "after": "closing",
        "questions": [{"id": "prepared", "ask": "Did learners come prepared?", "kind": "yes_no", "required": True}],
    },
    {
        "id": "lead-closing",
        "title": "Looking back, program leads",
        "of": "ops",
        "after": "closing",
        "questions": [{"id": "right", "ask": "Were the rules right?", "kind": "yes_no", "required": True}],
    },
]


def kit(program: str, version: str, *, insists: bool) -> Kit:
    """`insists`: whether the question that loses people must be answered."""
    questions = [{"id": one, "ask": f"Your {one}?", "required": insists or one != LOSING} for one in QUESTIONS]
    sessions = [
        {"id": one, "title": f"Meeting {one}", "purpose": "to go on", "after": f"{2 + 7 * number} days", "notes": notes}
        for number, (one, notes) in enumerate(SESSIONS)
    ]
    return Kit.model_validate(
        {
            "program": program,
            "version": version,
            "title": "A term",
            "promise": {
                "outcome": "a portfolio",
                "audience": "beginners",
                "duration": "7 weeks",
                "cadence": "weekly",
                "support": "a mentor",
                "measures": ["portfolios shown"],
            },
            "intake": {"within": "10 days", "questions": questions},
            "service_levels": {"follow_up": "48 hours"},
            "capacity": {"learners_per_mentor": 60},
            "cohorts": {"most": 200},
            "pathways": [
                {"id": "main", "title": "Main", "mentor_type": "any", "ends": "7 weeks", "sessions": sessions}
            ],
            "templates": [
                {"id": one, "title": one, "questions": [{"id": "summary", "ask": "What was it about?"}]}
                for one in TEMPLATES
            ],
            "escalations": [
                {
                    "id": "quiet",
                    "title": "Quiet",
                    "when": {"no_activity_for": "20 days"},
                    "then": {"nudge": "learner"},
                }
            ],
            "asking": {"least_gap": "1 day", "most": 12, "within": "30 days", "reminders": ["3 days"]},
            "surveys": _SURVEYS,
            "rubric": {"questions": [{"id": "next", "ask": "Is there a next step?"}], "dimensions": ["clarity"]},
            "quality": {
                "every": "28 days",
                "open_for": "20 days",
                "minutes": 900,
                "minutes_a_review": 15,
                "twice": 0.2,
                "every_mentor_within": "56 days",
            },
            "detectors": {"vague_step": {}, "no_deadline": {}},
            "monthly_review": {"least": 8},
            "growth": {"improving": None, "measurable": None},
        }
    )
