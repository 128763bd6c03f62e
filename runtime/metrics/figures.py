"""Everything that is read from the database, in the order of docs/metrics.md. To add a metric, add it to its subject;
to add a subject, add it here.
"""

from collections.abc import Sequence

from runtime.metrics import bulks, delivery, journeys, log, matching, messages, quality, webhooks
from runtime.metrics.declaring import Figures

FIGURES: Sequence[Figures] = (
    journeys.JOURNEYS,
    journeys.WAITING,
    journeys.CASES,
    delivery.DELIVERED,
    matching.WAITS,
    matching.PLACES,
    matching.CAPACITY,
    matching.ROUNDS,
    messages.MESSAGES,
    messages.SETTLED,
    messages.COURIER,
    quality.SURVEYS,
    quality.REVIEWS,
    bulks.BULKS,
    webhooks.WEBHOOKS,
    log.LOG,
    log.VIEWS,
    log.FOLLOWERS,
    log.WORKFLOWS,
)
