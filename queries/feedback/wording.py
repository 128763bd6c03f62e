"""Findings in sentences, with their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from domain.kit import Kit
from domain.proposal import Evidence
from domain.words import signed
from queries.feedback.cells import INTAKE, Level, Place, Topic
from queries.feedback.looking import Finding
from queries.titles import Titles as OfProgram
from queries.titles import shortened, titles_of

_WHERE: Mapping[Level, str] = {
    "template": "with the template {}",
    "mentor": "with the mentor {}",
    "session": "after the session {}",
    "milestone": "after the milestone {}",
    "stage": "in the stage {}",
    "pathway": "on the pathway {}",
    "segment": "in the segment {}",
    "cohort": "in the group {}",
    "kit_version": "under version {} of the kit",
    "question": "at the intake question {}",
}


@dataclass(frozen=True, slots=True)
class Titles:
    """What a kit calls what it asks."""

    questions: Mapping[tuple[str, str], str]
    known: OfProgram

    @classmethod
    def of(cls, kit: Kit) -> Self:
        """By the newest kit: questions that it asks no more are called by their ids."""
        asked = {(survey.id, _id_of(one)): _text_of(one) for survey in kit.surveys for one in survey.questions}
        return cls({key: text for key, text in asked.items() if key[1]}, titles_of(kit))

    def asks(self, topic: Topic) -> str:
        return self.questions.get((topic.survey, topic.question), topic.question)

    def short(self, topic: Topic) -> str:
        return shortened(self.asks(topic))

    def where(self, place: Place) -> str:
        match place.level:
            case "session" | "milestone" | "question":
                return _WHERE[place.level].format(f"“{self.known.named(place.level, place.group)}”")
            case _:
                return _WHERE[place.level].format(place.group)


def _id_of(question: object) -> str:
    return str(getattr(question, "id", ""))


def _text_of(question: object) -> str:
    return str(getattr(question, "ask", question))


def in_words(one: Finding, titles: Titles) -> str:
    lower = one.difference.estimate < 0
    people = f"{one.respondents:,} people"
    interval = f"{_signed(one.difference.low, one)} to {_signed(one.difference.high, one)}"
    figures = f"{_said(one.own, one)}, elsewhere {_said(one.rest, one)} ({interval}; {people})"
    if one.place.topic == INTAKE:
        return f"Of those who come so far, so many stop {titles.where(one.place)}: {figures}"
    what = f"“{titles.short(one.place.topic)}”"
    if one.place.topic.option is not None:
        often = "less" if lower else "more"
        return f"{what} is answered with “{one.place.topic.option}” {often} often {titles.where(one.place)}: {figures}"
    return f"{what} is answered {'lower' if lower else 'higher'} {titles.where(one.place)}: {figures}"


def reason_in_words(one: Finding, titles: Titles) -> str:
    verdict = one.verdict
    if verdict.explained_by and verdict.left:
        by = verdict.explained_by
        left = verdict.left
        interval = f"{_signed(left.low, one)} to {_signed(left.high, one)}"
        return (
            f"It goes with what stands out {titles.where(by)}: among answers that are alike in that, "
            f"{_signed(left.estimate, one)} is left of the difference ({interval})."
        )
    if verdict.inseparable:
        others = ", ".join(titles.where(place) for place in verdict.inseparable[:4])
        return f"It cannot be told apart from what stands out {others}: the answers are nearly the same."
    return ""


def fact_of(one: Finding, titles: Titles) -> Evidence:
    """Of this finding, as it is now."""
    is_of_intake = one.place.topic == INTAKE
    survey, question, option = one.place.topic
    subject = f"{one.place.level}={one.place.group}"
    asked = "" if is_of_intake else f"{survey}.{question}" + (f"={option}" if option else "") + " "
    return Evidence(
        says=in_words(one, titles)[:300],
        source="intake" if is_of_intake else "feedback",
        subject=f"{asked}{subject}"[:300],
        n=one.respondents,
        estimate=one.difference.estimate,
        low=one.difference.low,
        high=one.difference.high,
    )


def _said(value: float, one: Finding) -> str:
    return f"{value:.0%}" if _is_share(one) else f"{value:.2f}"


def _signed(value: float, one: Finding) -> str:
    return f"{signed(value * 100)} points" if _is_share(one) else signed(value, 2)


def _is_share(one: Finding) -> bool:
    return one.place.topic == INTAKE or one.place.topic.option is not None or one.shares
