"""The guides of a kit: listed on a journey's page, each on a page of its own, by the kit that the journey follows."""

from dataclasses import dataclass

from markupsafe import Markup

from domain.ids import JourneyId
from domain.kit import Pathway
from interfaces.http.pages.written import written
from kits.guides import Guide, guides
from queries.journey_record import JourneyRecord


@dataclass(frozen=True, slots=True)
class GuidePage:
    journey: JourneyId
    title: str
    used: str
    text: Markup


def guide_page(journey: JourneyId, one: Guide) -> GuidePage:
    return GuidePage(journey, one.title, one.used, written(one.text.replace("- [ ] ", "- ")))


def guides_of(story: JourneyRecord) -> list[Guide]:
    """Without those of other pathways."""
    pathway = story.kit.pathway(story.state.pathway) if story.state.pathway else None
    return [one for one in guides(story.kit) if not _of_another(one, story, pathway)]


def _of_another(one: Guide, story: JourneyRecord, pathway: Pathway | None) -> bool:
    if pathway is None or one.kind != "text" or one.name in pathway.assets:
        return False
    given = {name for other in story.kit.pathways for name in other.assets}
    return one.name in given
