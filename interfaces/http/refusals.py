"""The status that a refusal is answered with, by its code."""

_UNPROCESSABLE = frozenset(
    {
        "payload_invalid", "payload_not_an_object", "payload_not_json", "answers_invalid", "reason_required",
        "fields_conflict", "date_out_of_range", "start_invalid", "journey_id_invalid", "unknown_event_type",
        "position_ahead",
        "webhook_invalid", "webhook_address_not_allowed", "replay_out_of_range",
        "version_not_recorded", "score_invalid", "score_needs_reason", "skip_needs_reason",
        "survey_answers_refused",
    }
)  # fmt: skip


def status_of_refusal(code: str) -> int:
    """409 unless the request itself is at fault (422), too large (413), or out of date (412), or what it asks for was
    moved away (410)."""
    if code in _UNPROCESSABLE:
        return 422
    return {"payload_too_large": 413, "version_mismatch": 412, "position_archived": 410}.get(code, 409)
