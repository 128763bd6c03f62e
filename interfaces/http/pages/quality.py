"""Pages of those who review sessions: the queue with rounds and figures, and the form of one review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from domain.ids import ProgramId
from domain.kit import Dimension, RubricQuestion
from domain.kit.quality import LEAST_MARK, MOST_MARK, VERDICTS
from domain.quality.sampling import Stratum
from domain.quality.scores import Given
from domain.values import Frozen, counted
from domain.words import distance, plain
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.pages.rendering import When
from projections.views.qa_samples import QueuedReview, ReviewRound
from queries import session_words
from queries.listing import Listing
from queries.quality import QualityFigures, ToReview
from queries.titles import Titles

QUESTION, DIMENSION = "question-", "dimension-"
"""The name of a field is this and the id in the rubric."""
_MOST_FIELDS = 300
_LONGEST_NOTES = 10_000
Fields = Mapping[str, str]
"""What a form holds, by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Waiting:
    item: str
    mentor: str
    session: str
    held: When
    why: str
    closes: When
    yours: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    program: ProgramId
    queue: Sequence[Waiting]
    listings: Sequence[Listing]
    """Rounds and figures; none for a mentor."""
    begin: Form | None
    """To begin a round of reviews now; none for a mentor."""


class Nothing(Frozen):
    """There is nothing to fill in."""


def begin_form(program: ProgramId) -> Form:
    says = "A few sessions that were held since the last round are sampled, besides those that the schedule samples."
    return form_of(Nothing, f"/programs/{program}/quality/rounds", title="Begin a round of reviews", says=says)


def queue_page(
    program: ProgramId,
    queue: Sequence[QueuedReview],
    names: Mapping[str, str],
    listings: Sequence[Listing],
    *,
    titles: Titles,
    now: datetime,
) -> QueuePage:
    queued = [_waiting(one, names, titles, now) for one in queue]
    return QueuePage(program, queued, listings, begin_form(program) if listings else None)


_WHY: Mapping[Stratum, str] = {"due": "the mentor's turn", "risk": "risk", "new": "new mentor", "other": "chance"}


def _waiting(one: QueuedReview, names: Mapping[str, str], titles: Titles, now: datetime) -> Waiting:
    return Waiting(
        item=one.item,
        mentor=names.get(one.mentor, one.mentor),
        session=titles.named("session", one.session),
        held=When.of(one.held_at, now),
        why=", ".join(map(plain, one.risks)) or _WHY[one.stratum],
        closes=When.of(one.closes_at, now),
        yours=one.state == "taken",
    )


def listings(rounds: Sequence[ReviewRound], figures: QualityFigures, now: datetime) -> list[Listing]:
    return [
        Listing(
            "Rounds of reviews",
            ("Round", "Begun", "Sampled", "Twice", "Reviewed", "Skipped", "Waiting", "Minutes", "Mentors left"),
            [
                (
                    *(one.round, distance(one.begun_at, now), f"{one.sampled} of {counted(one.sessions, 'session')}"),
                    *(str(one.twice), str(one.reviewed), str(one.skipped)),
                    "closed" if one.closed_at else str(one.waiting),
                    *(f"{one.minutes_used} of {one.minutes}", str(one.mentors_left)),
                )
                for one in rounds
            ],
        ),
        Listing(
            "Scores: questions from 0 (no) to 1 (yes), dimensions from 1 to 5",
            ("Question or dimension", "Scored by", "Scores", "Mean", "95% interval"),
            [
                (one.says, _SCORED_BY[one.role], str(one.scores), _number(one.mean), _span(one.low, one.high))
                for one in figures.figures
            ],
        ),
        Listing(
            "How far two reviewers of one session agree: 1 always, 0 as chance would have it",
            ("Question or dimension", "Sessions scored twice", "Both the same", "Krippendorff's alpha"),
            [(one.says, str(one.sessions), str(one.same), _number(one.alpha)) for one in figures.agreement],
        ),
    ]


_SCORED_BY: Mapping[str, str] = {"self": "the mentor", "peer": "another mentor", "qa": "a reviewer"}


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _span(low: float | None, high: float | None) -> str:
    return "none" if low is None or high is None else f"{low:.2f} to {high:.2f}"


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    ask: str
    hint: str
    options: Sequence[tuple[str, str]]
    """Each with its label."""
    given: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    item: str
    program: ProgramId
    title: str
    introduction: str
    record: Sequence[session_words.Line]
    next_steps: Sequence[session_words.Line]
    look_for: Sequence[str]
    can_take: bool
    choices: Sequence[Choice]
    """None where the reviewer has not taken the item."""
    corrects: bool
    """Whether the reviewer has scored it, and changes that."""
    fields: Fields
    problem: str | None


def review_page(
    found: ToReview,
    reader: str,
    names: Mapping[str, str],
    now: datetime,
    *,
    fields: Fields | None = None,
    problem: str | None = None,
) -> ReviewPage:
    """`names`: of mentors, by their ids. `fields`: what was sent and refused, for the reason `problem`."""
    is_own = found.by == reader and found.state in ("taken", "reviewed")
    given = fields if fields is not None else _given_before(found)
    mentor = names.get(found.mentor, found.mentor) if found.mentor else "a mentor"
    who = f"{found.learner} with {mentor}. " if found.learner else ""
    return ReviewPage(
        item=found.item,
        program=found.program,
        title=found.session.title,
        introduction=f"{who}{_state(found, is_own=is_own)} About {found.minutes} minutes; closes "
        f"{distance(found.closes_at, now)}.",
        record=[*_record(found)],
        next_steps=tuple(session_words.next_steps(found.session)),
        look_for=found.look_for,
        can_take=not is_own and found.state in ("open", "taken"),
        choices=[*_choices(found, given)] if is_own else (),
        corrects=found.given is not None,
        fields=given,
        problem=problem,
    )


def _state(found: ToReview, *, is_own: bool) -> str:
    if is_own:
        return "You have scored this session." if found.given else "This review is yours."
    return {"taken": "Somebody has taken this review."}.get(found.state, f"This review is {found.state}.")


def _record(found: ToReview) -> Iterator[session_words.Line]:
    yield "held", session_words.when(found.session)
    yield from session_words.agenda(found.session)
    yield from session_words.record(found.session)
    if not found.session.notes:
        yield "notes", "None were written."
    if found.session.summary is None:
        yield "follow-up", "None was sent."


def _choices(found: ToReview, given: Fields) -> Iterator[Choice]:
    for question in found.questions:
        yield _question(question, given)
    for dimension in found.dimensions:
        yield _dimension(dimension, given)


def _question(one: RubricQuestion, given: Fields) -> Choice:
    name = f"{QUESTION}{one.id}"
    return Choice(name, one.ask, one.look_for or "", [(verdict, verdict) for verdict in VERDICTS], given.get(name, ""))


def _dimension(one: Dimension, given: Fields) -> Choice:
    name, ends = f"{DIMENSION}{one.id}", ((LEAST_MARK, one.low), (MOST_MARK, one.high))
    hint = "; ".join(f"{mark}: {says}" for mark, says in ends if says)
    marks = [(str(mark), str(mark)) for mark in range(LEAST_MARK, MOST_MARK + 1)]
    return Choice(name, one.title, hint, marks, given.get(name, ""))


def _given_before(found: ToReview) -> Fields:
    if found.given is None:
        return {}
    questions = {f"{QUESTION}{name}": said for name, said in found.given.questions.items()}
    dimensions = {f"{DIMENSION}{name}": str(mark) for name, mark in found.given.dimensions.items()}
    return {**questions, **dimensions, "notes": found.given.notes}


def fields_of(body: bytes) -> Fields:
    """The last value of each field that is filled in; what is no form of ours is none."""
    try:
        found = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1].replace("\0", "").replace("\r\n", "\n") for name, values in found.items()}


def score_in(fields: Fields) -> Given:
    """Raises pydantic.ValidationError for what the page does not offer."""
    return Given.model_validate(
        {
            "questions": _named(fields, QUESTION),
            "dimensions": {name: _number_in(mark) for name, mark in _named(fields, DIMENSION).items()},
            "notes": fields.get("notes", "")[:_LONGEST_NOTES],
            "minutes": _number_in(fields["minutes"].strip()) if fields.get("minutes", "").strip() else None,
        }
    )


def _named(fields: Fields, prefix: str) -> Fields:
    return {name.removeprefix(prefix): one for name, one in fields.items() if name.startswith(prefix)}


def _number_in(written: str) -> int | str:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else written
