"""Feedback: what people answered, counted and weighed, with symptoms apart from causes.

`cells` counts answers in the database, `looking` compares, `causes` tells apart, `wording` says it, `report` puts it
together.
"""

from queries.feedback.report import Feedback, FindingShown, QuestionFigures, feedback

__all__ = ["Feedback", "FindingShown", "QuestionFigures", "feedback"]
