"""What learners and mentors do by the link in their letters, without an account."""

from collections.abc import Mapping
from typing import Final, Literal

from domain.values import Frozen

OfLearners = Literal[
    "submit_intake",
    "prepare_session",
    "submit_milestone",
    "close_action_item",
    "choose_remedy",
    "give_feedback",
    "pause",
]
OfMentors = Literal["reschedule_session", "take_back_attendance", "review_milestone", "resolve_case"]

IN_WORDS: Final[Mapping[str, str]] = {
    "submit_intake": "fill in the intake",
    "prepare_session": "prepare sessions",
    "submit_milestone": "hand in work",
    "close_action_item": "close next steps",
    "choose_remedy": "choose a way on",
    "give_feedback": "say how it goes",
    "pause": "pause",
    "reschedule_session": "move sessions",
    "take_back_attendance": "take back what was recorded of a session",
    "review_milestone": "give verdicts on work",
    "resolve_case": "close cases",
}


class OwnPages(Frozen):
    learners_without: tuple[OfLearners, ...] = ()
    """What learners do not find on their page: ops do it for them. Asking for help and answering a proposal are always
    there. With `pause`, a pause is not ended there either."""
    mentors_without: tuple[OfMentors, ...] = ()
    """What mentors do not find on their page. What they owe after a session is always there."""


def offers_all(pages: OwnPages) -> bool:
    """As `exclude_if`: releases that do not know the field can read kits that leave nothing out."""
    return pages == OwnPages()
