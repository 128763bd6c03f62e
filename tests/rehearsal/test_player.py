"""The pure player: order, refusals, and places with mentors, as real servers have them."""

from collections import defaultdict
from datetime import datetime, timedelta

from domain.ids import LearnerId, MentorId, StreamId, journey_id
from domain.journey.commands import (
    AnswerOffer,
    ApproveMatch,
    NamedCommand,
    OfferMatch,
    ReviewIntake,
    SubmitIntake,
    SubmitMilestone,
    Withdraw,
)
from domain.kit import Kit
from domain.mentor.ledger import PlaceReleased
from domain.values import Event
from rehearsal.player.mentors import PlayedMentor
from rehearsal.player.player import Outcome, play
from rehearsal.player.recording import Append
from rehearsal.player.stories import Act, Story
from tests.domain.stories import JOB, KIT, NOON, day, kit_with

ONE_PLACE = kit_with(capacity={"learners_per_mentor": 1})
ANA = MentorId("ana")


class Played:
    def __init__(self, kit: Kit, *stories: Story) -> None:
        self.events: dict[StreamId, list[Event]] = defaultdict(list)
        self.outcome: Outcome = play(kit, stories, [PlayedMentor(ANA)], self._record)

    def _record(self, append: Append) -> None:
        assert append.after == len(self.events[append.stream]), "nothing is left out"
        self.events[append.stream] += append.events

    @property
    def refused(self) -> list[tuple[str, str]]:
        return [(one.learner, one.rejected.code) for one in self.outcome.refusals]


def story(learner: str, *acts: tuple[datetime, NamedCommand], begins_at: datetime = NOON) -> Story:
    name = LearnerId(learner)
    accepted = (
        Act(begins_at + timedelta(hours=1), SubmitIntake(answers=JOB)),
        Act(begins_at + timedelta(hours=2), ReviewIntake(verdict="approve")),
    )
    return Story(journey_id(KIT.program_id, name), name, begins_at, (*accepted, *(Act(*one) for one in acts)))


def test_a_story_ends_by_itself_and_what_is_refused_is_recorded() -> None:
    played = Played(KIT, story("lea", (day(2), ApproveMatch(mentor=ANA)), (day(90), SubmitMilestone(milestone="cv"))))
    lea = played.outcome.journeys[0]
    assert lea.state.closing
    assert played.refused == [("lea", "journey_closed")]
    events = played.events[lea.stream]
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert events[-1].type == "journey.command_rejected"


def test_nobody_gets_the_place_of_another_until_it_is_free() -> None:
    played = Played(
        ONE_PLACE,
        story("lea", (day(1), ApproveMatch(mentor=ANA)), (day(5), Withdraw(reason="moved"))),
        story("max", (day(2), ApproveMatch(mentor=ANA)), (day(6), ApproveMatch(mentor=ANA))),
    )
    assert played.refused == [("max", "mentor_full")]
    assert [one.state.mentor for one in played.outcome.journeys][1] == ANA
    ledger = played.events[StreamId("mentor-ana")]
    assert [one.type for one in ledger][-4:] == [
        "mentor.place_reserved",
        "mentor.place_confirmed",
        "mentor.place_released",
        "mentor.place_reserved",
    ]


def test_a_timer_of_another_journey_frees_the_place_before_the_command_of_the_same_moment() -> None:
    asking = ONE_PLACE.model_dump() | {"matching": {"asks": ["mentor"]}, "service_levels": {"offer": "2 days"}}
    kit = Kit.model_validate(asking)
    waits = story("lea", (day(1), OfferMatch(mentor=ANA)))
    follows = story("max", (day(3), OfferMatch(mentor=ANA)), (day(4), AnswerOffer(answer="accept", by="mentor:ana")))
    for order in ((waits, follows), (follows, waits)):
        played = Played(kit, *order)
        assert played.refused == []
        assert {one.learner: one.state.mentor for one in played.outcome.journeys} == {"lea": None, "max": ANA}
        released = [one for one in played.events[StreamId("mentor-ana")] if isinstance(one, PlaceReleased)]
        assert [one.reason for one in released] == ["offer_ended"]


def test_an_unknown_mentor_is_refused_only_where_mentors_are_known() -> None:
    unknown = story("lea", (day(1), ApproveMatch(mentor=MentorId("ghost"))))
    assert Played(KIT, unknown).refused == [("lea", "unknown_mentor")]
    played = play(KIT, [unknown], [], lambda _: None)
    assert (played.refusals, played.journeys[0].state.mentor) == ([], "ghost")


def test_two_plays_are_equal_and_the_order_of_stories_does_not_matter() -> None:
    stories = [
        story(f"l-{nth}", (day(1, nth), ApproveMatch(mentor=ANA)), begins_at=day(0, nth / 10)) for nth in range(5)
    ]
    first, again = Played(ONE_PLACE, *stories), Played(ONE_PLACE, *reversed(stories))
    assert first.events == again.events
