"""The values of the variables that the texts of notifications may use, in the words and time zone of the recipient."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from channels.lines import harmless, one_line
from domain.journey.events import ActionItem
from domain.journey.state import JourneyState
from domain.kit import Kit, Role
from domain.notification import Contents, Dated, Notice


def variables(
    kit: Kit,
    then: JourneyState,
    notice: Notice,
    contents: Contents,
    *,
    names: Mapping[str, str],
    reader: str,
    zone: ZoneInfo,
    page: str,
) -> dict[str, str]:
    """The value of each variable. `names`: of the learner and the mentor, by id; without a name, the id is used.
    `reader`: the name of the recipient; `page`: the address of their own page."""
    learner = names.get(then.learner, then.learner)
    mentor = names.get(contents.mentor, contents.mentor) if contents.mentor else ""
    owners: dict[Role, str] = {"learner": learner, "mentor": mentor or "the mentor", "ops": kit.title}
    return {
        "name": reader,
        "learner": learner,
        "mentor": mentor,
        "program": kit.title,
        "what": contents.what,
        "due": moment(contents.due_at, zone) if contents.due_at else "",
        "said": quoted(notice.quote, *(one.text for one in contents.quotes)),
        "result": notice.result,
        "steps": steps(notice.steps, notice.to, owners, zone),
        "dates": dates(contents.dates, zone),
        "checklist": checklist(contents.checklist),
        "link": notice.link,
        "page": page,
        "until": moment(notice.due_at, zone) if notice.when == "survey" and notice.due_at else "",
    }


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(at, zone)}, {local:%H:%M} ({local:%Z})"


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


def quoted(*texts: str) -> str:
    """Each line after `> `, so that people's words are not taken for those of the program."""
    return "\n".join(f"> {line}".rstrip() for text in texts for line in harmless(text).strip().splitlines())


def steps(items: Iterable[ActionItem], reader: Role, names: Mapping[Role, str], zone: ZoneInfo) -> str:
    """One line each, with the owner unless it is the recipient."""
    return "\n".join(
        f"- {one_line(one.text)}{'' if one.owner == reader else f' ({names[one.owner]})'}, by {day(one.due_at, zone)}"
        for one in items
    )


def dates(ahead: Iterable[Dated], zone: ZoneInfo) -> str:
    return "\n".join(f"- {moment(one.at, zone)}: {one.what}{' (due)' if one.work else ''}" for one in ahead)


def checklist(lines: Iterable[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)
