"""The forms of people's own pages: what can be done there, with the fields that it needs and the options that hold."""

from collections.abc import Callable, Mapping

from domain.own_page import OwnRole
from interfaces.http.pages.own import of_learners, of_mentors
from interfaces.http.pages.own.forms import At, Deed, Impossible
from queries.own_page import OwnJourney

OF_LEARNERS = frozenset(
    {
        "submit_intake", "answer_offer", "prepare_session", "submit_milestone", "close_action_item", "choose_remedy",
        "give_feedback", "ask_for_help", "pause", "resume",
    }
)  # fmt: skip
OF_MENTORS = frozenset(
    {
        "answer_offer", "record_attendance", "take_back_attendance", "write_notes", "send_follow_up",
        "close_action_item", "check_in", "review_milestone", "resolve_case", "raise_risk_flag", "ask_for_help",
        "reschedule_session",
    }
)  # fmt: skip


def deed(one: OwnJourney, role: OwnRole, command: str, of: str, action: str) -> Deed:
    """Raises Impossible; KeyError where there is no such command on this page."""
    if command not in (OF_LEARNERS if role == "learner" else OF_MENTORS):
        raise KeyError(command)
    if not one.offers(role, command):
        raise Impossible(f"In {one.kit.title}, this is done by the people who run it. Write to them, or ask for help.")
    if one.state.closing and command not in ("record_attendance", "write_notes"):
        raise Impossible("This journey has come to its end, so nothing more is to be done here.")
    return _DEEDS[command](At(one, role, of, action))


_DEEDS: Mapping[str, Callable[[At], Deed]] = {
    "submit_intake": of_learners.intake,
    "answer_offer": of_learners.offer,
    "prepare_session": of_learners.prepare,
    "submit_milestone": of_learners.hand_in,
    "close_action_item": of_learners.step,
    "choose_remedy": of_learners.remedy,
    "give_feedback": of_learners.feedback,
    "ask_for_help": of_learners.ask_for_help,
    "pause": of_learners.pause,
    "resume": of_learners.resume,
    "record_attendance": of_mentors.attendance,
    "take_back_attendance": of_mentors.take_back,
    "write_notes": of_mentors.notes,
    "send_follow_up": of_mentors.follow_up,
    "review_milestone": of_mentors.review,
    "check_in": of_mentors.check_in,
    "raise_risk_flag": of_mentors.flag,
    "resolve_case": of_mentors.case,
    "reschedule_session": of_mentors.move,
}
