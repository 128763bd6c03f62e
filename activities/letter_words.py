"""Lines and moments as they stand in a letter, on the clock of its reader."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from channels.lines import harmless, one_line
from domain.journey.events import ActionItem
from domain.journey.state import JourneyState
from domain.kit import Kit, Role
from domain.notification import Contents, Dated, Notice


def words(
    kit: Kit,
    then: JourneyState,
    notice: Notice,
    told: Contents,
    *,
    names: Mapping[str, str],
    reader: str,
    zone: ZoneInfo,
) -> dict[str, str]:
    """What each word of a template stands for. `names`: of the learner and the mentor, by their ids; who has none there
    goes by the id. `reader`: the name of the one who is written to."""
    learner = names.get(then.learner, then.learner)
    mentor = names.get(told.mentor, told.mentor) if told.mentor else ""
    owners: dict[Role, str] = {"learner": learner, "mentor": mentor or "the mentor", "ops": kit.title}
    return {
        "name": reader,
        "learner": learner,
        "mentor": mentor,
        "program": kit.title,
        "what": told.what,
        "due": moment(told.due_at, zone) if told.due_at else "",
        "said": quoted(notice.said, *(one.text for one in told.said)),
        "result": notice.result,
        "steps": steps(notice.steps, notice.to, owners, zone),
        "dates": dates(told.dates, zone),
        "checklist": checklist(told.checklist),
    }


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(at, zone)}, {local:%H:%M} ({local:%Z})"


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


def quoted(*texts: str) -> str:
    """Each line after `> `, so that it is not taken for words of the program."""
    return "\n".join(f"> {line}".rstrip() for text in texts for line in harmless(text).strip().splitlines())


def steps(items: Iterable[ActionItem], reader: Role, names: Mapping[Role, str], zone: ZoneInfo) -> str:
    """A line each; whose step it is stands there unless it is the reader's."""
    return "\n".join(
        f"- {one_line(one.text)}{'' if one.owner == reader else f' ({names[one.owner]})'}, by {day(one.due_at, zone)}"
        for one in items
    )


def dates(ahead: Iterable[Dated], zone: ZoneInfo) -> str:
    return "\n".join(f"- {moment(one.at, zone)}: {one.what}{' (due)' if one.work else ''}" for one in ahead)


def checklist(lines: Iterable[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)
