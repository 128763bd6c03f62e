"""How much evidence it takes before feedback counts as more than an opinion (R53)."""

from pydantic import Field

from domain.values import Frozen


class EvidenceRules(Frozen):
    least: int = Field(default=8, ge=3, le=100_000)
    """People who answered, on either side of a comparison. With fewer nothing stands out, whatever they say."""
    false_alarms: float = Field(default=0.05, gt=0, le=0.5)
    """Where nothing is wrong, the chance that something stands out all the same, however much is looked at."""
    least_difference: float = Field(default=0.08, ge=0, le=1)
    """As a share of what the answers range over: a smaller difference matters to nobody, however sure it is."""
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    """Of the intervals that are shown."""
    low: float = Field(default=0.25, ge=0, lt=1)
    """An answer in this lowest part of its scale, together with words, is listed as a complaint: with 0.25, 1 and 2 of
    five. It changes nothing by itself, and a person answers it."""
