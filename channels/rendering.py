"""Notifications written from the templates of a kit.

A template is Jinja2, and little of it: words, `if`, and a few filters (WORDS and FILTERS). There is nothing in it that
repeats, calls or reaches into a value, so that rendering takes time and memory in proportion to the template.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from channels.lines import one_line
from channels.template_errors import in_words
from domain.kit.naming import nearest

WORDS: Mapping[str, str] = {
    "name": "The name of the one who is written to.",
    "learner": "The name of the learner whose journey it is about.",
    "mentor": "The name of the learner's mentor; empty before there is one.",
    "program": "The title of the program.",
    "what": "What it is about, in a few words, such as the title of a session or a milestone.",
    "due": "Until when, or since when, in words; empty where there is no such moment.",
    "said": "What people wrote for the reader, such as the feedback of a review, each line after `> `; often empty.",
    "result": "What was decided: of a review `passed`, `returned`, `failed` or `waived`; of an ending how it ended; of "
    "an invitation `new`, `changed`, `tentative` or `cancelled`; of a survey `reminder`, or nothing the first time.",
    "steps": "The next steps that a follow-up left, a line each, with its owner and its day; or empty.",
    "dates": "The sessions and deadlines that lie ahead, a line each; empty where there are none.",
    "checklist": "What the owner of a case goes by, a line each; empty where the kit gives none.",
    "link": "Of a survey: the address of its form, for the reader alone; otherwise empty.",
    "page": "The address of the reader's own page, for the reader alone; for ops, of the journey's page.",
    "until": "Of a survey: until when it can be answered, in words; otherwise empty.",
}
"""What a template may name."""

FILTERS: Mapping[str, str] = {
    "upper": "All letters large.",
    "lower": "All letters small.",
    "capitalize": "The first letter large, all others small.",
    "default": "What is written in its place where a word is empty, as in `{{ mentor | default('your mentor') }}`.",
}
"""What a template may do with a word."""

_LONGEST = 20_000
_DEEPEST = 20
_KEPT = 512
_NAME_IN_QUOTES = re.compile(r"'\w+'")


class TemplateError(Exception):
    """A notification could not be written from a template. Says why, and repeats no word that was to be put in."""


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    """In the template, from 1 on."""
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.says}; {self.remedy}"


def problems(template: str) -> list[Problem]:
    """Everything that keeps it from being rendered, in the order of its lines. Raises nothing, whatever it is given."""
    if len(template) > _LONGEST:
        return [Problem(1, f"it has {len(template):,} characters, and {_LONGEST:,} are the most", "shorten it")]
    try:
        tree = _environment().parse(template)
    except jinja2.TemplateSyntaxError as error:
        says, remedy = in_words(error.message or "")
        return [Problem(error.lineno, f"it cannot be read: {says}", remedy)]
    except (RecursionError, ValueError, OverflowError):
        return [Problem(1, "it holds a number or a nesting beyond all measure", "take it out")]
    return sorted(set(_problems(tree, line=1, depth=0)), key=lambda one: (one.line, one.says))


def render(template: str, words: Mapping[str, str]) -> str:
    """The text of a notification: no blank lines around it, at most one in a row within it, a newline at its end.

    Raises TemplateError for a template that has problems, and for one that names a word which is not given.
    """
    text = _rendered(template, words)
    return re.sub(r"\n([ \t]*\n){2,}", "\n\n", text).strip("\n") + "\n"


def render_subject(template: str, words: Mapping[str, str]) -> str:
    """A subject, on one line whatever the words are. Raises TemplateError as `render` does."""
    return one_line(_rendered(template, words))


def _rendered(template: str, words: Mapping[str, str]) -> str:
    try:
        return _compiled(template).render(words)
    except jinja2.UndefinedError as error:  # which names the word, and nothing that was given
        name = _NAME_IN_QUOTES.search(error.message or "")
        raise TemplateError(f"nothing was given for the word {name[0] if name else 'that it names'}") from None


@lru_cache(maxsize=_KEPT)
def _compiled(template: str) -> jinja2.Template:
    if found := problems(template):
        raise TemplateError("; ".join(str(one) for one in found))
    return _environment().from_string(template)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # Markdown, sent as plain text
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS} | {"default": _default}
    return environment


def _default(word: Any, instead: str = "") -> Any:
    return instead if isinstance(word, jinja2.Undefined) or not word else word


def _problems(node: nodes.Node, line: int, depth: int) -> Iterator[Problem]:
    """`line`: of the node around it; some have none of their own."""
    line = node.lineno or line
    found = _problem(node) if depth <= _DEEPEST else (f"it is nested more than {_DEEPEST} deep", "say it more simply")
    if found:
        yield Problem(line, *found)
        return
    for child in node.iter_child_nodes():
        yield from _problems(child, line, depth + 1)


def _problem(node: nodes.Node) -> tuple[str, str] | None:
    """What is wrong with a node and how to mend it, whatever it is made of."""
    match node:
        case nodes.Name(name=name):
            return None if name in WORDS else (f"there is no word '{name}'", _one_of(name, WORDS))
        case nodes.Const(value=value):
            return None if isinstance(value, str) else (f"{value!r} is not a text", "put it in quotes")
        case nodes.Filter(name=name):
            return _problem_of_filter(node, name)
        case nodes.Operand(op=op):
            return None if op in {"eq", "ne"} else ("words are only compared by == and !=", "use one of these")
        case nodes.If(elif_=others):
            return None if len(others) <= _DEEPEST else (f"an if has more than {_DEEPEST} elif", "use fewer")
        case _ if isinstance(node, _ALLOWED):
            return None
        case _:
            return f"{_called(node)} is not allowed in a letter", _mended(node)


def _problem_of_filter(node: nodes.Filter, name: str) -> tuple[str, str] | None:
    if name not in FILTERS:
        return f"there is no filter '{name}'", _one_of(name, FILTERS)
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != (name == "default"):
        wanted = "default('a text')" if name == "default" else name
        return f"the filter '{name}' is not used so", f"write {wanted}"
    return None


def _one_of(name: str, known: Mapping[str, str]) -> str:
    near = nearest(name, known)
    return f"did you mean '{near}'?" if near else f"write one of: {', '.join(known)}"


def _called(node: nodes.Node) -> str:
    return next((called for kind, called in _CALLED.items() if isinstance(node, kind)), type(node).__name__.lower())


def _mended(node: nodes.Node) -> str:
    match node:
        case nodes.CondExpr():
            return "write {% if ... %} ... {% else %} ... {% endif %}"
        case nodes.Concat():
            return "write the two one after the other"
        case nodes.Test():
            return "write {% if word %}, which holds when the word is not empty"
        case _:
            return "take it out: there are words, `if` and filters"


_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Compare,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Scope,  # only stands around others, which are looked at
)

_CALLED: Mapping[type[nodes.Node], str] = {
    nodes.For: "a loop (for)",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call of a macro",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "a block",
    nodes.FilterBlock: "a filter around a block",
    nodes.With: "with",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Call: "a call",
    nodes.Getattr: "what stands after a point",
    nodes.Getitem: "what stands in brackets after a word",
    nodes.CondExpr: "if within {{ }}",
    nodes.Concat: "~",
    nodes.Test: "a test (is)",
    nodes.Literal: "a list",
    nodes.BinExpr: "arithmetic",
    nodes.UnaryExpr: "arithmetic",
}
"""The first that fits counts: what is more general stands further down."""
