"""Forms for commands, made of the JSON Schema of the model that parses the command.

A field of a form is named as its value in the payload: `reason`, `answers.goal`, `next_steps.0.text`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from pydantic import BaseModel

from domain.kit import Form as KitForm
from domain.kit import Question
from domain.words import plain
from interfaces.http.pages.reading import reading

Kind: TypeAlias = Literal["text", "lines", "number", "moment", "day", "flag", "choice", "choices", "radios", "file"]
Given: TypeAlias = Mapping[str, Sequence[str]]
"""What was typed, by the name of the field."""
_LONG = 300
"""A text that may be longer gets several lines."""
_BLANK_ROWS = 3
_AT_ONCE = 6
"""Fields. Of a longer form, what is not needed is folded away."""
_MOST_NAMED = 4
"""Of what is folded away."""
_NOT_ASKED = frozenset({"by"})
_CORRECTING = ("corrects", "replaces", "reason")
"""Fields of commands that can also correct what is recorded."""
_ASKED_IN_ROWS: Mapping[str, str] = {"text": "what", "owner": "who", "due_at": "by when"}
_HINTS: Mapping[str, str] = {"number": "A number."}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    given: Sequence[str] = ()
    options: Sequence[Option] = ()
    hint: str = ""
    longest: int | None = None
    rows: int = 3
    problem: str = ""
    nothing: bool = False
    """Whether an empty choice is a value of its own, which the command wants to have said."""
    usual: Sequence[str] = ()
    """What is meant where nothing else is filled in."""
    in_place: bool = False
    """Whether it is shown where it stands in however long a form, such as a question of a kit."""

    @property
    def value(self) -> str:
        return self.given[0] if self.given else ""

    @property
    def is_touched(self) -> bool:
        """Whether there is something that its reader should see."""
        return bool(self.problem) or [one for one in self.given if one] != list(self.usual)


@dataclass(frozen=True, slots=True)
class Form:
    action: str
    """Where it is sent to."""
    title: str
    fields: Sequence[Field] = ()
    says: str = ""
    button: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Fields that the place of the form determines."""
    warnings: Sequence[str] = ()
    grave: bool = False
    """Whether it is shown as what cannot easily be taken back."""
    file: bool = False
    problem: str = ""
    """Of the whole."""
    once: str = field(default_factory=lambda: uuid4().hex)
    """Names this form: sent twice, it is carried out once."""
    id: str = field(default_factory=lambda: f"f{uuid4().hex[:8]}")
    """Of its elements on the page."""

    @property
    def wrong(self) -> Sequence[Field]:
        return [one for one in self.fields if one.problem]

    @property
    def first(self) -> Sequence[Field]:
        """What is seen at once: of a long form, what is needed."""
        more = {one.name for one in self.more}
        return [one for one in self.fields if one.name not in more]

    @property
    def more(self) -> Sequence[Field]:
        """The rest, which is unfolded. A row of which a part is needed stays whole."""
        if len(self.fields) <= _AT_ONCE:
            return ()
        needed = {_row(one.name) for one in self.fields if one.required}
        rest = [one for one in self.fields if not (one.required or one.in_place or _row(one.name) in needed)]
        return rest if len(rest) > 1 else ()

    @property
    def more_says(self) -> str:
        """What is folded away, in a few words."""
        named = list(dict.fromkeys(one.label.partition(":")[0] for one in self.more))
        further = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        return f"{', '.join(named[:_MOST_NAMED])}{further}".lower()

    @property
    def is_unfolded(self) -> bool:
        return any(one.is_touched for one in self.more)

    def filled(self, given: Given) -> "Form":
        """With what was typed before."""
        fields = [replace(one, given=given.get(one.name, () if given else one.given)) for one in self.fields]
        return replace(self, fields=fields)

    def given_by(self, address: Mapping[str, str]) -> "Form":
        """With what an address gives; the other fields stay as they are."""
        fields = [replace(one, given=(address[one.name],)) if one.name in address else one for one in self.fields]
        return replace(self, fields=fields)

    def with_problems(self, problems: Mapping[str, str], problem: str = "") -> "Form":
        """`problems` by the name of a field; those of no field are said of the whole."""
        fields = [replace(one, problem=_problem_of(one.name, problems)) for one in self.fields]
        known = [one.name for one in fields]
        rest = [f"{plain(name)}: {says}" for name, says in problems.items() if not _owner(name, known)]
        return replace(self, fields=fields, problem=" ".join(filter(None, (problem, *rest))))


def form_of(
    kind: type[BaseModel],
    action: str,
    *,
    title: str = "",
    says: str | None = None,
    button: str = "",
    choices: Mapping[str, Sequence[Option]] | None = None,
    instead: Mapping[str, Sequence[Field]] | None = None,
    given: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    grave: bool = False,
) -> Form:
    """A form for the command `kind`.

    `choices` are the values that a field can have now, `instead` are fields that stand for one of the command's, such
    as the questions of a kit for `answers`. `given` is filled in, `fixed` is sent along unseen, `without` is left out.
    """
    schema = _schema(kind)
    hidden = {*_NOT_ASKED, *without, *(fixed or {})}
    wanted = set(schema.get("required", ()))
    fields: list[Field] = []
    for name, one in schema["properties"].items():
        if name in hidden:
            continue
        if instead and name in instead:
            fields += instead[name]
            continue
        for made in _fields(name, one, schema, required=name in wanted):
            fields.append(_with(made, choices or {}, given or {}, labels or {}))
    if "corrects" in schema["properties"]:  # what is rarely wanted comes last
        fields.sort(key=lambda one: _CORRECTING.index(one.name) if one.name in _CORRECTING else -1)
    named = title or _title(kind)
    doc = (kind.__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")
    return Form(
        action,
        named,
        fields,
        " ".join(doc.split()) if says is None else says,
        button or named,
        dict(fixed or {}),
        grave=grave,
    )


@cache
def _schema(kind: type[BaseModel]) -> Mapping[str, Any]:
    return kind.model_json_schema(mode="validation")


def _title(kind: type[BaseModel]) -> str:
    """`ResolveCase` as `Resolve case`."""
    name = getattr(kind, "name", None) or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return plain(name).capitalize()


def _with(
    one: Field, choices: Mapping[str, Sequence[Option]], given: Mapping[str, str], labels: Mapping[str, str]
) -> Field:
    one = replace(one, label=labels.get(one.name, one.label))
    if one.name in choices:
        one = replace(one, kind="choices" if one.kind == "choices" else "choice", options=choices[one.name])
    return replace(one, given=(given[one.name],)) if one.name in given else one


def _fields(name: str, schema: Mapping[str, Any], root: Mapping[str, Any], *, required: bool) -> Iterator[Field]:
    kind, nullable = _resolved(schema, root)
    label, hint = plain(name.rpartition(".")[2]).capitalize(), str(schema.get("description", ""))
    base = Field(name, label, required=required, hint=_one_line(hint), nothing=nullable and required)
    match kind.get("type"):
        case "array" if (item := _resolved(kind.get("items", {}), root)[0]).get("type") == "object":
            for row in range(_BLANK_ROWS):
                for inner, one in item["properties"].items():
                    first = required and row == 0 and inner in item.get("required", ())
                    for made in _fields(f"{name}.{row}.{inner}", one, root, required=first):
                        asked = _ASKED_IN_ROWS.get(inner, made.label.lower())
                        yield replace(made, label=f"{label.removesuffix('s')} {row + 1}: {asked}")
        case "array" if options := _options(_resolved(kind.get("items", {}), root)[0]):
            yield replace(base, kind="choices", options=options)
        case "array":
            yield replace(base, kind="choices")
        case "object":
            for inner, one in kind.get("properties", {}).items():
                yield from _fields(
                    f"{name}.{inner}", one, root, required=required and inner in kind.get("required", ())
                )
        case "boolean":
            yield replace(base, kind="flag", required=False, **_meant(("true",) if schema.get("default") else ()))
        case "integer" | "number":
            yield replace(base, kind="number", **_meant(_default(schema)), hint=base.hint or _range(kind))
        case _:
            yield _text(base, kind, schema)


def _text(base: Field, kind: Mapping[str, Any], schema: Mapping[str, Any]) -> Field:
    if options := _options(kind):
        return replace(base, kind="choice", options=options, **_meant(_default(schema)))
    if kind.get("format") == "date-time":
        zone = reading().zone.key
        return replace(base, kind="moment", hint=" ".join(filter(None, (base.hint, f"Time in {zone}."))))
    if kind.get("format") == "date":
        return replace(base, kind="day")
    longest = kind.get("maxLength")
    in_a_line = "https" in str(kind.get("pattern")) or base.name == "email"
    several = longest is not None and longest > _LONG and not in_a_line
    return replace(base, kind="lines" if several else "text", longest=longest, **_meant(_default(schema)))


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Without references and without `null`; and whether it may be null."""
    if "$ref" in schema:
        return _resolved(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        some = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return _resolved(some[0], root)[0] if some else {}, len(some) < len(schema["anyOf"])
    return schema, False


def _options(schema: Mapping[str, Any]) -> Sequence[Option]:
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return [Option(str(one), plain(str(one))) for one in values]


def _default(schema: Mapping[str, Any]) -> Sequence[str]:
    default = schema.get("default")
    return (str(default),) if default not in (None, "", [], {}) else ()


def _meant(default: Sequence[str]) -> Mapping[str, Any]:
    return {"given": default, "usual": default}


def _range(schema: Mapping[str, Any]) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f"From {schema['minimum']:g} to {schema['maximum']:g}."
    return _HINTS["number"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def questions(form: KitForm, name: str = "answers", answers: Mapping[str, Any] | None = None) -> Sequence[Field]:
    """The questions of a kit's form as fields; `answers` are those that are known."""
    return [_asked(f"{name}.{one.id}", one, (answers or {}).get(one.id)) for one in form.questions]


def _asked(name: str, one: Question, answer: Any) -> Field:
    given = (
        [str(part) for part in answer]
        if isinstance(answer, list | tuple)
        else [str(answer)]
        if answer is not None
        else []
    )
    kind: Kind = "lines" if one.kind == "text" else one.kind
    options = [Option(each, each) for each in one.options]
    longest = 10_000 if one.kind == "text" else None
    return Field(name, one.ask, kind, one.required, given, options, longest=longest, in_place=True)


def _row(name: str) -> str:
    """`next_steps.0` of `next_steps.0.text`; what is in no row is one by itself."""
    found = re.match(r".+\.\d+(?=\.)", name)
    return found[0] if found else name


def _owner(name: str, fields: Sequence[str]) -> str | None:
    """The field that a problem is about: itself, or one that it is a part of."""
    return next((one for one in fields if name == one or name.startswith(f"{one}.")), None) or next(
        (one for one in fields if one.startswith(f"{name}.")), None
    )


def _problem_of(name: str, problems: Mapping[str, str]) -> str:
    return next((says for one, says in problems.items() if _owner(one, [name]) == name), "")
