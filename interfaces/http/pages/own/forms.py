"""What the forms of people's own pages are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.journey import COMMANDS, NamedCommand, Rejected
from domain.journey.sessions import template_of
from domain.kit import Template
from domain.own_page import OwnRole
from interfaces.http.pages.fields import Form, form_of
from queries.own_page import OwnJourney
from queries.sessions import Meeting
from queries.work import Work


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done now."""

    kind: type[NamedCommand]
    form: Form
    background: Sequence[tuple[str, str]] = ()
    """What to know beforehand, each with a label."""
    says: str = ""
    """What is said once it is done."""
    extra: Mapping[str, Any] | None = None
    """What the command says beside the fields."""
    asks_first: bool = False
    """Whether it is said what will happen, before it does."""


class Impossible(Exception):
    """It cannot be done now, for a reason in words."""


@dataclass(frozen=True, slots=True)
class At:
    one: OwnJourney
    role: OwnRole
    of: str
    action: str

    def form(self, command: str, title: str, button: str, **options: Any) -> Form:
        return form_of(COMMANDS[command], self.action, title=title, button=button, says="", **options)

    def meeting(self) -> Meeting:
        """Raises Impossible."""
        found = next((met for met in self.one.meetings if met.session == self.of), None)
        if found is None:
            raise Impossible("There is no such session in this journey any more.")
        return found

    def work(self) -> Work:
        """Raises Impossible."""
        found = next((work for work in self.one.work if work.milestone == self.of), None)
        if found is None:
            raise Impossible("There is no such work in this journey any more.")
        return found

    def template(self, which: str) -> Template | None:
        try:
            return template_of(self.one.kit, self.one.state, self.of, which)
        except Rejected:
            return None
