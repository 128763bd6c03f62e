"""Messages that people of the program write, to a learner or to their mentor, in words of their own."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from domain.journey.bases import DailyCommand, Events, RepeatableDaily
from domain.journey.refusing import Code
from domain.journey.state import JourneyState
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Personal, PersonalMark

Subject = Annotated[str, PersonalMark(), StringConstraints(pattern=r"^[^\x00\r\n]*$", max_length=200)]
"""One line. Personal."""


class MessageWritten(RepeatableDaily):
    """Somebody wrote to the learner or to the mentor. It is delivered as every message is, outside their quiet hours.
    Subject and text are templates, as those of a kit are."""

    type: ClassVar[str] = "journey.message_written"
    to: Literal["learner", "mentor"]
    subject: Personal
    text: Personal

    def kind_and_text(self) -> tuple[str, str]:
        return f"message to {self.to}", f"{self.subject}\n{self.text}"


class SendMessage(DailyCommand):
    """Write to the learner or to the mentor."""

    name: ClassVar[str] = "send_message"
    to: Literal["learner", "mentor"] = "learner"
    subject: Subject = Field(min_length=1)
    text: Personal = Field(min_length=1)

    def kind_and_text(self) -> tuple[str, str]:
        return f"message to {self.to}", f"{self.subject}\n{self.text}"


def decide(_: Kit, state: JourneyState, command: SendMessage, at: datetime) -> Events:
    if command.to == "mentor" and state.mentor is None:
        raise Rejected(Code.NO_MENTOR, "the journey has no mentor who could be written to")
    return [MessageWritten(at=at, to=command.to, subject=command.subject, text=command.text)]


def evolve(state: JourneyState, _: MessageWritten) -> JourneyState:
    return state
