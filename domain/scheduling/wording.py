"""The rules about times, in words."""

from collections.abc import Mapping
from typing import assert_never

from domain.scheduling.slots import Name, Terms
from domain.values import say_duration

_OF_ONE: Mapping[str, str] = {
    "hours": "it is outside the hours of the {side}",
    "quiet_hours": "it falls into quiet hours on the clocks of the {side}",
    "holiday": "it is a public holiday on the calendar of the {side}",
    "leave": "the {side} is on leave",
    "clock_change": "the clocks of the {side} show that hour twice that night",
}


def in_words(name: Name, terms: Terms) -> str:
    """Why a time is excluded."""
    side, rule = name
    match rule:
        case "notice":
            return f"it begins in less than {say_duration(terms.notice)}"
        case "ends_by":
            assert terms.ends_by, "only a limit that is set excludes a time"
            return f"it would not be over by {terms.ends_by:%d %B %Y %H:%M} UTC"
        case "booked" if side == "mentor":
            return f"the mentor has another meeting then, or within {say_duration(terms.buffer)} of it"
        case "booked":
            return f"the {side} has another meeting then"
        case "hours" | "quiet_hours" | "holiday" | "leave" | "clock_change":
            return _OF_ONE[rule].format(side=side)
        case _:
            assert_never(rule)


_RULES: Mapping[str, str] = {
    "hours": "the hours of the {side}",
    "quiet_hours": "the quiet hours of the {side}",
    "holiday": "public holidays, on the calendar of the {side}",
    "leave": "leave of the {side}",
    "clock_change": "the hour that the clocks of the {side} show twice",
    "booked": "other meetings of the {side}",
}


def rule_in_words(name: Name, terms: Terms) -> str:
    """What excludes times, whatever the time."""
    side, rule = name
    match rule:
        case "notice":
            return f"the notice of {say_duration(terms.notice)}"
        case "ends_by":
            assert terms.ends_by, "only a limit that is set excludes a time"
            return f"the end of the pathway on {terms.ends_by:%d %B %Y}"
        case "booked" if side == "mentor" and terms.buffer:
            return f"other meetings of the mentor, with {say_duration(terms.buffer)} around them"
        case "hours" | "quiet_hours" | "holiday" | "leave" | "clock_change" | "booked":
            return _RULES[rule].format(side=side)
        case _:
            assert_never(rule)
