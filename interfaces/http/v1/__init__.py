"""The API, under /v1: a file for each resource.

The type of an operation's `caller` says who may call it (interfaces/http/access.py).
"""

from collections.abc import Iterable

from fastapi import APIRouter

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http.v1 import (
    bulk,
    capacity,
    cases,
    cohorts,
    commands,
    complaints,
    enrollment,
    events,
    exchange,
    feedback,
    figures,
    findings,
    growth,
    journeys,
    matches,
    measures,
    mentors,
    messages,
    monthly_reviews,
    names,
    office_hours,
    outlook,
    people,
    personal_timeline,
    pilots,
    programs,
    proposals,
    quality,
    rounds,
    saved_views,
    schedules,
    surveys,
    times,
    training,
    webhooks,
)
from queries.live_events import LiveEvents
from services.own_pages import OwnPages
from services.survey_links import SurveyLinks
from store.database import Pool


def routers(
    pool: Pool,
    client: JourneyClient,
    live: LiveEvents,
    *,
    webhook_networks: Allowed | None = None,
    links: SurveyLinks,
    pages: OwnPages,
) -> Iterable[APIRouter]:
    """Without the prefix. `webhook_networks`: those beyond the internet that webhooks may lead to.
    `links`: to the forms of surveys. `pages`: the own pages of people."""
    return (
        programs.router(pool),
        figures.router(pool),
        enrollment.router(pool, client),
        growth.router(pool),
        measures.router(pool),
        monthly_reviews.router(pool, client),
        pilots.router(pool),
        people.router(pool, pages),
        journeys.router(pool, client),
        saved_views.router(pool),
        commands.router(pool, client),
        cases.router(pool, client),
        outlook.router(pool),
        exchange.router(pool),
        times.router(pool, client),
        office_hours.router(pool),
        mentors.router(pool),
        training.router(pool),
        capacity.router(pool, client),
        schedules.router(pool, client),
        quality.router(pool, client),
        rounds.router(pool, client),
        matches.router(pool),
        cohorts.router(pool, client),
        messages.router(pool, client),
        surveys.router(pool, links),
        names.router(pool),
        personal_timeline.router(pool),
        events.router(pool, live),
        webhooks.router(pool, client, webhook_networks or Allowed()),
        bulk.router(pool, client),
        proposals.router(pool),
        feedback.router(pool),
        findings.router(pool, client),
        complaints.router(pool, client),
    )
