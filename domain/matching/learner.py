"""The profile of a learner from the answers of the intake, by what each question tells."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from domain.fit.hours import zone_of
from domain.ids import SLUG
from domain.kit import Kit, Question
from domain.profiles import LearnerProfile, Trait
from domain.scheduling.week import Week

Answer = str | float | int | Sequence[str]

_WEEK: TypeAdapter[Week] = TypeAdapter(Week)
_ID = re.compile(SLUG.pattern or "")
_LONGEST_ID = SLUG.max_length or 120
_LONGEST_WORD = 200


def learner_profile(kit: Kit, answers: Mapping[str, object], time_zone: str | None = None) -> LearnerProfile:
    """What is known of a learner by answers that fit the kit's intake; others are left out.

    `time_zone` is the person's own; an answer that tells another one counts for more.
    """
    fitting = kit.intake.fitting(answers)
    told: dict[Trait, list[tuple[Question, object]]] = {}
    for question in kit.intake.questions:
        if question.tells and question.id in fitting:
            told.setdefault(question.tells, []).append((question, fitting[question.id]))
    segment = kit.segment_of(answers)
    known: dict[str, object] = {trait: _words(those) for trait, those in told.items() if trait not in _READ}
    known |= {trait: read(kit, told[trait]) for trait, read in _READ.items() if trait in told}
    known["time_zone"] = known.get("time_zone") or time_zone
    return LearnerProfile.model_validate(known | {"segment": segment.id if segment else None})


Told = Iterable[tuple[Question, object]]


def _words(told: Told) -> tuple[str, ...]:
    """Every word once, in the order of the questions. Free text is a list, by commas, semicolons and lines."""
    return _each(told, r"[,;\n]")


def _each(told: Told, separators: str) -> tuple[str, ...]:
    found = [word for question, answer in told for word in _of_one(question, answer, separators)]
    return tuple(dict.fromkeys(found))


def _of_one(question: Question, answer: object, separators: str) -> list[str]:
    if isinstance(answer, list | tuple):
        return [str(one).strip() for one in answer]
    if question.kind == "text":
        return [one.strip()[:_LONGEST_WORD] for one in re.split(separators, str(answer)) if one.strip()]
    return [f"{answer:g}" if isinstance(answer, float) else str(answer)]


def _confidence(_: Kit, told: Told) -> float | None:
    """The mean, where several questions ask for it. An option counts by the number that it begins with."""
    numbers = [number for _, answer in told if (number := _number(answer)) is not None]
    return sum(numbers) / len(numbers) if numbers else None


def _number(answer: object) -> float | None:
    if isinstance(answer, int | float):
        return float(answer)
    found = re.match(r"\s*(\d+(?:[.,]\d+)?)", str(answer))
    return float(found[1].replace(",", ".")) if found else None


def _time_zone(_: Kit, told: Told) -> str | None:
    """The first answer that names one."""
    return next((zone for _, answer in told if zone_of(zone := str(answer).strip())), None)


def _availability(kit: Kit, told: Told) -> Week:
    """Options mean the hours that the kit says; other answers are read as hours of a week, where they are some."""
    hours = [window for word in _each(told, r"[;\n]") for window in kit.matching.hours.get(word) or _hours(word)]
    return tuple(dict.fromkeys(hours))


def _hours(text: str) -> Week:
    try:
        return _WEEK.validate_python(text)
    except ValidationError:
        return ()


def _wishes(kit: Kit, told: Told) -> tuple[str, ...]:
    """The ids of mentors, the first wish first, as many as the kit allows."""
    return _ids(kit, told)[: kit.matching.wishes.of_learners]


def _ids(_: Kit, told: Told) -> tuple[str, ...]:
    """What else is written there is left out."""
    return tuple(one for one in _words(told) if len(one) <= _LONGEST_ID and _ID.fullmatch(one))


_READ = {
    "confidence": _confidence,
    "time_zone": _time_zone,
    "availability": _availability,
    "wishes": _wishes,
    "never": _ids,
}
