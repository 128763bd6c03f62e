"""The guides of a kit on pages: listed on a journey's, each on one of its own, by the kit that the journey follows."""

from html import escape
from urllib.parse import quote

from domain.ids import JourneyId
from domain.kit import Pathway
from interfaces.http.html import NOTHING, table
from kits.guides import Guide, guides
from queries.journey_record import JourneyRecord

_COLUMNS = ("What", "For whom, and when")


def render_guides(story: JourneyRecord) -> str:
    """Those of other pathways are left out."""
    pathway = story.kit.pathway(story.state.pathway) if story.state.pathway else None
    shown = [one for one in guides(story.kit) if not _of_another(one, story, pathway)]
    rows = "".join(
        f'<tr><td><a href="{_address(story.journey, one.name)}">{escape(one.name)}</a></td>'
        f"<td>{escape(one.used) or NOTHING}</td></tr>"
        for one in shown
    )
    return f"""<section id="guides">{table("To read and to fill in", _COLUMNS, rows)}</section>"""


def render_guide(journey: JourneyId, one: Guide) -> str:
    return f"""
<header><h1>{escape(one.name)}</h1><small id="shown">{escape(one.used)}</small>
<a href="/journeys/{quote(journey)}">the journey</a></header>
<pre>{escape(one.text)}</pre>"""


def _address(journey: JourneyId, name: str) -> str:
    return escape(f"/journeys/{quote(journey)}/guides/{quote(name)}")


def _of_another(one: Guide, story: JourneyRecord, pathway: Pathway | None) -> bool:
    if pathway is None or one.kind != "text" or one.name in pathway.assets:
        return False
    given = {name for other in story.kit.pathways for name in other.assets}
    return one.name in given
