"""The board and a journey as plain pages: no script from elsewhere, readable without any."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse
from temporalio.service import RPCError

from client.journeys import JourneyClient, NoSuchJourney
from domain.ids import JourneyId, ProgramId
from domain.journey.words import Words, words_of
from domain.words import by_role, plain
from interfaces.http.api import BoardPage, BoardQuery, OverviewQuery, ReturnQuery, board_page, found, found_return
from interfaces.http.guide_parts import render_guide, render_guides
from interfaces.http.html import NOTHING, cells, document, moment, table, time
from interfaces.http.learner_parts import render_meetings, render_profile
from kits.guides import NoSuchGuide, find
from projections import timeline
from projections.board import BoardRow
from projections.timeline import Entry
from queries.funnel import Overview, listings, overview
from queries.journey_record import JourneyRecord, read_record
from queries.listing import Listing
from queries.profile import profile_of
from queries.returns import Return, introduction
from queries.returns import listings as listings_of_return
from queries.sessions import sessions_of
from queries.why import Why, why_with_mentors
from store.database import Pool
from store.people import names_of
from workflows.contract import Upcoming

Told = tuple[Entry, Sequence[Words]]
_HAPPENED_COLUMNS = ("When", "What", "Who, by which rule")
_BOARD_COLUMNS = ("Journey", "Stage", "Waiting for", "Since", "Next", "Mentor", "Attention")


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/")
    async def board(query: Annotated[BoardQuery, Query()]) -> str:
        page = await board_page(pool, query)
        people = (*(row.learner for row in page.rows), *(row.mentor for row in page.rows if row.mentor))
        return document("Board", render_board(page, await names_of(pool, people), query, datetime.now(UTC)))

    @routes.get("/funnel")
    async def funnel(query: Annotated[OverviewQuery, Query()]) -> str:
        return document("Funnel", render_overview(await overview(pool, **dict(query))))

    @routes.get("/programs/{program}/return")
    async def program_return(program: ProgramId, query: Annotated[ReturnQuery, Query()]) -> str:
        return document("Return", render_return(await found_return(pool, program, query)))

    @routes.get("/journeys/{journey}")
    async def journey(journey: JourneyId) -> str:
        row = await found(pool, journey)
        names = await names_of(pool, [row.learner, *([row.mentor] if row.mentor else [])])
        entries = await timeline.of_journey(pool, journey)
        story = await read_record(pool, journey)
        body = render_journey(row, names, await _timers(journeys, journey), _told(entries, story), datetime.now(UTC))
        learner = render_profile(await profile_of(pool, story)) + render_meetings(await sessions_of(pool, story))
        why = render_why(await why_with_mentors(pool, story))
        return document(f"Journey {journey}", body + why + learner + render_guides(story))

    @routes.get("/journeys/{journey}/guides/{name:path}")
    async def guide(journey: JourneyId, name: str) -> str:
        story = await read_record(pool, journey)
        try:
            return document(name, render_guide(journey, find(story.kit, name)))
        except NoSuchGuide as error:
            raise HTTPException(404, str(error)) from None

    return routes


async def _timers(journeys: JourneyClient, journey: JourneyId) -> tuple[Upcoming, ...]:
    """Of the running workflow; none when it is over, or Temporal is away: the page is readable without."""
    try:
        return (await journeys.status(journey)).timers
    except (NoSuchJourney, RPCError):
        return ()


def render_board(page: BoardPage, names: Mapping[str, str], query: BoardQuery, now: datetime) -> str:
    rows = "".join(_board_row(row, names, now) for row in page.rows)
    return f"""
<header><h1>Trellis: where every journey stands</h1>
<small id="shown">as of {moment(now)} UTC</small><a href="/funnel">how many come how far</a></header>
{table(_counted(len(page.rows), page.next is not None), _BOARD_COLUMNS, rows)}
{_next_link(page, query)}"""


def _board_row(row: BoardRow, names: Mapping[str, str], now: datetime) -> str:
    stage = "paused" if row.paused_until else row.ending or row.stage
    learner = escape(names.get(row.learner, row.learner))
    return f"""<tr>
<th scope="row"><a href="/journeys/{quote(row.journey)}">{learner}</a><br><small>{escape(row.program)}</small></th>
<td><span class="stage">{plain(stage)}</span></td><td>{_waiting(row, now)}</td>
<td>{time(row.since or row.stage_since, now)}</td>
<td>{_next(row, now)}</td><td>{escape(names.get(row.mentor, row.mentor)) if row.mentor else NOTHING}</td>
<td>{f'<span class="{row.attention}">{row.attention}</span>' if row.attention else NOTHING}</td></tr>
"""


def render_journey(
    row: BoardRow, names: Mapping[str, str], timers: Iterable[Upcoming], told: Sequence[Told], now: datetime
) -> str:
    """`told`: what happened, with what was written at each."""
    happened = "".join(_happened(one, said, now) for one, said in told if not one.refused)
    refused = "".join(_happened(one, said, now) for one, said in told if one.refused)
    ahead = "".join(
        f"<tr><td>{time(one.at, now)}</td><td>{escape(one.what)}<br><small>{escape(one.rule)}</small></td>"
        f"<td>{one.stopped_by}</td></tr>"
        for one in timers
    )
    return f"""
<header><h1>{escape(names.get(row.learner, row.learner))}</h1><small>{escape(row.journey)}</small>
<small id="shown">as of {moment(now)} UTC</small><a href="#learner">the learner</a>
<a href="#sessions">sessions</a><a href="#guides">guides</a>
<a href="/api/journeys/{quote(row.journey)}/calendar.ics">calendar</a><a href="/">all journeys</a></header>
{table("Now", _BOARD_COLUMNS, _board_row(row, names, now))}
{table("What comes next, by itself", ("When", "What, by which rule", "Unless stopped by"), ahead)}
{table("What happened", _HAPPENED_COLUMNS, happened)}
{table("What was refused", _HAPPENED_COLUMNS, refused) if refused else ""}"""


def _told(entries: Iterable[Entry], story: JourneyRecord) -> list[Told]:
    return [(one, words_of(story.events[one.version - 1])) for one in entries]


def _happened(one: Entry, said: Iterable[Words], now: datetime) -> str:
    by = "by itself" if one.by in (None, "system") else f"{one.by}, {plain(one.command or '')}"
    rule = f"<br><small>{escape(one.rule)}</small>" if one.rule else ""
    what = f"{escape(one.words)}{_quoted(said)}"
    return f"<tr><td>{time(one.at, now)}</td><td>{what}</td><td>{escape(by)}{rule}</td></tr>\n"


def _quoted(said: Iterable[Words]) -> str:
    return "".join(f"<br><small>{escape(plain(one.what))}: {escape(one.text)}</small>" for one in said)


def render_why(told: Why) -> str:
    """What is awaited, by which line of the kit, and what can be done; and why the last thing happened."""
    now = told.as_of
    waits = "".join(
        f"<tr><td>{escape(': '.join(filter(None, (one.says, one.title))))}<br><small>{escape(one.about)}</small>"
        f"{_quoted(one.said)}</td><td>{by_role(one.who)}</td>"
        f"<td>{time(one.since, now)}</td><td>{time(one.due_at, now)}</td>"
        f"<td>{escape(one.rule)}<br><small>{escape(one.source)}</small></td>"
        f"<td>{''.join(f'<code>{escape(command)}</code><br>' for command in one.commands)}</td></tr>"
        for one in told.waits
    )
    columns = ("What", "From", "Since", "Due", "By which rule", "What can be done")
    last = told.last
    asked = f"{last.by}, with {last.command}" if last.by not in (None, "system") else "by itself"
    because = ", ".join(filter(None, (asked, last.rule and f"rule {last.rule}", last.source)))
    happened = "; ".join(last.events)
    return f"""
{table("Why it stands here", columns, waits)}
<p>The last thing that happened, {time(last.at, now)}: {escape(happened)} <small>({escape(because)})</small></p>"""


def render_overview(found: Overview) -> str:
    return f"""
<header><h1>How many come how far</h1>
<small id="shown">from {found.since} until before {found.until}</small><a href="/">all journeys</a></header>
{"".join(map(_listing, listings(found)))}
{_links_to_returns(sorted({one.program for one in found.segments}))}"""


def _links_to_returns(programs: Iterable[str]) -> str:
    return "".join(
        f'<p><a href="/programs/{quote(one)}/return">what {escape(one)} promised, and what it delivered</a></p>'
        for one in programs
    )


def render_return(told: Return) -> str:
    """The promise beside what was delivered, for a reader who knows none of the names in here."""
    return f"""
<header><h1>{escape(told.title)}: the return</h1>
<small id="shown">{escape(introduction(told))}</small><a href="/funnel">how many come how far</a></header>
{"".join(map(_listing, listings_of_return(told)))}"""


def _listing(one: Listing) -> str:
    return table(one.title, one.columns, cells(one.rows))


def _waiting(row: BoardRow, now: datetime) -> str:
    if not row.waiting_for:
        return NOTHING
    late = bool(row.due_at and row.due_at < now)
    due = f"due {time(row.due_at, now)}" if row.due_at else ""
    return f"""{plain(row.waiting_for)} <small>from {by_role(row.waiting_on)}</small>
<br><small{' class="late"' if late else ""}>{"late: " if late else ""}{due}</small>"""


def _next(row: BoardRow, now: datetime) -> str:
    if not row.next_at:
        return NOTHING
    return f"{time(row.next_at, now)}<br><small>{escape(row.next_label or '')}</small>"


def _next_link(page: BoardPage, query: BoardQuery) -> str:
    if not page.next:
        return ""
    parameters = {**query.model_dump(exclude_none=True, exclude_defaults=True, mode="json"), "after": page.next}
    return f'<p><a href="/?{escape(urlencode(parameters))}">more journeys</a></p>'


def _counted(shown: int, more: bool) -> str:
    return f"{shown} journey{'' if shown == 1 else 's'}{', and more' if more else ''}; what is due first comes first"
