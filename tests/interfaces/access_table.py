"""Who may call each operation of the API: a new operation needs its row here, under the tag of its router.

Everybody else gets 403, and whoever has no valid key 401.
"""

from collections.abc import Mapping
from typing import TypeAlias

from domain.access import KeyRole
from domain.journey import COMMANDS
from interfaces.http.v1.commands import OF_MENTORS, operation_of

OPS, INTEGRATION, OBSERVER, MENTOR = KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER, KeyRole.MENTOR
Roles: TypeAlias = frozenset[KeyRole]

OPS_ALONE: Roles = frozenset({OPS})
READERS: Roles = frozenset({OPS, INTEGRATION, OBSERVER})
STARTERS: Roles = frozenset({OPS, INTEGRATION})
EVERYBODY: Roles = frozenset(KeyRole)
OPS_AND_MENTOR: Roles = frozenset({OPS, MENTOR})
COMMANDERS: Roles = frozenset({OPS, INTEGRATION, MENTOR})

TABLE: Mapping[str, Mapping[str, Roles]] = {
    "cases": {
        "acknowledge_case_in_queue": COMMANDERS,
        "get_case": EVERYBODY,
        "list_cases": EVERYBODY,
        "reassign_case_in_queue": COMMANDERS,
        "resolve_case_in_queue": COMMANDERS,
        "snooze_case_in_queue": COMMANDERS,
    },
    "commands": {
        "list_commands": READERS,
        **{operation_of(name): COMMANDERS if name in OF_MENTORS else STARTERS for name in COMMANDS},
    },
    "bulk": {
        "begin_bulk_action": OPS_ALONE,
        "confirm_bulk_order": OPS_ALONE,
        "get_bulk_action": READERS,
        "list_bulk_actions": READERS,
        "list_bulk_journeys": READERS,
        "pause_bulk_action": OPS_ALONE,
        "plan_bulk_action": OPS_ALONE,
        "plan_start_of_journeys": STARTERS,
        "resume_bulk_action": OPS_ALONE,
        "start_journeys": STARTERS,
        "stop_bulk_action": OPS_ALONE,
    },
    "complaints": {
        "answer_complaint": OPS_ALONE,
        "list_complaints": OPS_ALONE,
        "take_up_complaint": OPS_ALONE,
    },
    "feedback": {
        "get_feedback": READERS,
    },
    "findings": {
        "confirm_finding": OPS_ALONE,
        "dismiss_finding": OPS_ALONE,
        "get_coaching": OPS_AND_MENTOR,
        "get_drift": OPS_ALONE,
        "get_finding": OPS_ALONE,
        "list_detectors": READERS,
        "list_findings": READERS,
        "look_for_findings": OPS_ALONE,
    },
    "proposals": {
        "assign_proposal": OPS_ALONE,
        "decide_proposal": OPS_ALONE,
        "drop_proposal": OPS_ALONE,
        "get_proposal": OPS_ALONE,
        "keep_proposal": OPS_ALONE,
        "list_proposals": READERS,
        "make_proposal": OPS_ALONE,
        "try_proposal": OPS_ALONE,
    },
    "events": {
        "list_event_types": READERS,
        "list_events": READERS,
        "stream_events": READERS,
    },
    "exchange": {
        "get_calendar_of_journey": EVERYBODY,
        "get_calendar_of_mentor": OPS_AND_MENTOR,
    },
    "journeys": {
        "get_journey": EVERYBODY,
        "get_profile": OPS_AND_MENTOR,
        "get_sessions": OPS_AND_MENTOR,
        "get_status": EVERYBODY,
        "get_timeline": EVERYBODY,
        "get_upcoming": EVERYBODY,
        "get_written_timeline": OPS_AND_MENTOR,
        "get_why": OPS_AND_MENTOR,
        "get_why_event": OPS_AND_MENTOR,
        "list_attention": READERS,
        "list_journeys": EVERYBODY,
        "list_upcoming": READERS,
        "start_journey": STARTERS,
    },
    "figures": {
        "count_journeys": READERS,
        "count_segments": READERS,
        "get_funnel": READERS,
        "get_program_return": READERS,
    },
    "measures": {
        "get_associations": READERS,
        "get_measures": READERS,
    },
    "names": {
        "get_titles": READERS,
        "list_names": OPS_ALONE,
    },
    "programs": {
        "check_kit": READERS,
        "diff_versions": READERS,
        "get_guide": READERS,
        "get_program": READERS,
        "get_version_files": READERS,
        "list_guides": READERS,
        "list_intake_questions": READERS,
        "list_program_milestones": READERS,
        "list_program_sessions": READERS,
        "list_programs": READERS,
        "list_versions": READERS,
        "preview_move": OPS_ALONE,
        "publish_version": OPS_ALONE,
        "use_version": OPS_ALONE,
    },
    "enrollment": {
        "close_enrollment": OPS_ALONE,
        "enroll_from_table": STARTERS,
        "enroll_learners": STARTERS,
        "get_enrollment": READERS,
        "list_waiting": READERS,
        "open_enrollment": OPS_ALONE,
        "remove_learner": OPS_ALONE,
    },
    "quality": {
        "begin_quality_round": OPS_ALONE,
        "get_quality": READERS,
        "get_review": OPS_AND_MENTOR,
        "list_quality_rounds": READERS,
        "list_reviews": OPS_AND_MENTOR,
        "list_scores": OPS_AND_MENTOR,
        "score_review": OPS_AND_MENTOR,
        "score_session": OPS_AND_MENTOR,
        "skip_review": OPS_AND_MENTOR,
        "take_review": OPS_AND_MENTOR,
    },
    "growth": {
        "get_growth": READERS,
    },
    "monthly reviews": {
        "add_note_to_review": OPS_ALONE,
        "draft_monthly_review": OPS_ALONE,
        "get_monthly_review": READERS,
        "list_monthly_reviews": READERS,
        "release_monthly_review": OPS_ALONE,
    },
    "people": {
        "get_person": OPS_ALONE,
        "import_people": OPS_ALONE,
        "list_people": OPS_ALONE,
        "put_person": OPS_ALONE,
    },
    "mentors": {
        "add_mentor": OPS_ALONE,
        "cancel_leave": OPS_AND_MENTOR,
        "get_mentor": OPS_AND_MENTOR,
        "get_mentor_day": OPS_AND_MENTOR,
        "import_mentors": OPS_ALONE,
        "join_program": OPS_ALONE,
        "leave_program": OPS_ALONE,
        "list_mentors": OPS_ALONE,
        "plan_leave": OPS_AND_MENTOR,
        "record_check": OPS_ALONE,
        "record_onboarding": OPS_ALONE,
        "update_mentor": OPS_ALONE,
        "withdraw_check": OPS_ALONE,
    },
    "training": {
        "acknowledge_training": OPS_AND_MENTOR,
        "get_training": OPS_ALONE,
        "get_training_of_mentor": OPS_AND_MENTOR,
    },
    "capacity": {
        "get_capacity": READERS,
        "list_capacity_reviews": READERS,
        "review_capacity": OPS_ALONE,
    },
    "matching": {
        "allow_pair": OPS_ALONE,
        "begin_round": OPS_ALONE,
        "discard_round": OPS_ALONE,
        "draft_again": OPS_ALONE,
        "explain_match": OPS_ALONE,
        "forbid_pair": OPS_ALONE,
        "get_latest_round": OPS_ALONE,
        "get_round": OPS_ALONE,
        "imagine_match": OPS_ALONE,
        "list_rounds": READERS,
        "pin_pair": OPS_ALONE,
        "release_round": OPS_ALONE,
        "take_back_round": OPS_ALONE,
        "unpin_pair": OPS_ALONE,
        "verify_round": READERS,
    },
    "cohorts": {
        "add_members": OPS_ALONE,
        "close_cohort": OPS_ALONE,
        "form_cohorts": OPS_ALONE,
        "get_cohort": OPS_AND_MENTOR,
        "list_cohorts": EVERYBODY,
        "move_group_session": COMMANDERS,
        "record_group_attendance": COMMANDERS,
        "record_group_notes": COMMANDERS,
        "remove_member": OPS_ALONE,
        "replace_group_mentor": OPS_ALONE,
        "send_group_follow_up": COMMANDERS,
    },
    "times": {
        "book_time": COMMANDERS,
        "list_common_times": OPS_ALONE,
        "list_times": OPS_AND_MENTOR,
    },
    "office hours": {
        "book_seat": COMMANDERS,
        "cancel_office_hours": OPS_AND_MENTOR,
        "list_office_hours": OPS_AND_MENTOR,
        "offer_office_hours": OPS_AND_MENTOR,
        "release_seat": COMMANDERS,
    },
    "messages": {
        "get_message": READERS,
        "list_events_set_aside": OPS_ALONE,
        "list_messages": READERS,
        "park_event": OPS_ALONE,
        "report_bounce": OPS_ALONE,
        "resume_courier": OPS_ALONE,
        "retry_message": OPS_ALONE,
        "skip_event": OPS_ALONE,
    },
    "surveys": {
        "answer_survey": COMMANDERS,
        "get_survey": COMMANDERS,
        "get_survey_answers": OPS_AND_MENTOR,
        "get_survey_link": OPS_ALONE,
        "list_survey_rates": READERS,
        "list_survey_requests": READERS,
    },
    "webhooks": {
        "add_webhook": OPS_ALONE,
        "change_webhook": OPS_ALONE,
        "disable_webhook": OPS_ALONE,
        "enable_webhook": OPS_ALONE,
        "get_webhook": OPS_ALONE,
        "list_webhook_deliveries": OPS_ALONE,
        "list_webhooks": OPS_ALONE,
        "remove_webhook": OPS_ALONE,
        "replay_webhook": OPS_ALONE,
        "rotate_webhook_secret": OPS_ALONE,
        "test_webhook": OPS_ALONE,
    },
}
