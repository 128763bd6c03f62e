"""The lines of a dump, each checked by itself before it is imported: its form, its place, its checksum."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, BinaryIO, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from domain.kit.formats import FORMAT as KIT_FORMAT
from domain.limits import MAX_APPEND_BYTES
from domain.values import LAST_NUMBER, LAST_POSITION, Frozen, Instant
from store.errors import KitNotReadable, StoreError
from store.event_log import CATEGORIES
from store.kits import parse

FORMAT = 2
"""Of the dumps that are written. Format 1 is read as well: it has neither checksums nor a last line, and each of its
events belongs to an append that it names."""
LONGEST_LINE = 2 * MAX_APPEND_BYTES
"""Characters. No event and no kit comes near it."""
_NUL = re.compile(r"\\u0000")


class BadDump(StoreError):
    """The file is not a whole dump. Nothing was imported."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line} of the dump: {problem}; nothing was imported, export it again")
        self.line = line


def _of_a_category(stream: str) -> str:
    category, _, rest = stream.partition("-")
    if category not in CATEGORIES or not rest:
        raise ValueError("it is not named CATEGORY-ID")
    return stream


_Number = Annotated[int, Field(strict=True, ge=1, le=LAST_POSITION)]
_Name = Annotated[str, Field(min_length=1)]
_Stream = Annotated[str, AfterValidator(_of_a_category)]
_When = Annotated[Instant, Field(strict=False)]  # an instant is written as text
_Hash = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$")]


class _Line(Frozen):
    model_config = ConfigDict(strict=True)


class _Header(_Line):
    trellis: Literal["log"]
    format: Literal[1, 2]
    events: Annotated[int, Field(ge=0, le=LAST_POSITION)]


class _KitLine(_Line):
    kit: _Hash
    program: _Name
    version: _Name
    body: str
    published_at: _When


class _EventLine(_Line):
    position: _Number
    stream: _Stream
    version: _Number
    id: UUID
    type: _Name
    schema_: Annotated[int, Field(alias="schema", strict=True, ge=1, le=LAST_NUMBER)]
    data: dict[str, Any]
    meta: dict[str, Any]
    occurred_at: _When
    recorded_at: _When


class _AppendLine(_Line):
    append: _Name
    stream: _Stream
    first: _Number
    last: _Number
    digest: _Hash


class _EndLine(_Line):
    end: _Number


_HEADER: TypeAdapter[_Header] = TypeAdapter(_Header)
_KINDS: tuple[tuple[str, TypeAdapter[Any]], ...] = (
    ("kit", TypeAdapter(_KitLine)),
    ("position", TypeAdapter(_EventLine)),
    ("append", TypeAdapter(_AppendLine)),
    ("end", TypeAdapter(_EndLine)),
)
"""By the field that only this kind has, in the order in which a dump has them."""


_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_BEGINS = re.compile(r'\s*\{\s*"(kit|position|append|end)"')
"""As every line of an export does."""
_CHECKSUM = ', "checksum": "'
_CHECKSUM_LENGTH = len(_CHECKSUM) + 16 + len('"}')


def with_checksum(line: str) -> str:
    """The line, a JSON object, with the checksum of what it was before."""
    return f'{line[:-1]}{_CHECKSUM}{_checksum(line)}"}}'


def _checksum(line: str) -> str:
    return hashlib.sha256(line.encode(errors="surrogatepass")).hexdigest()[:16]


def _without_checksum(text: str) -> tuple[str, bool]:
    """The line as it was before its checksum was added, and whether that is the right one."""
    text = text.rstrip()
    line, end = text[:-_CHECKSUM_LENGTH] + "}", text[-_CHECKSUM_LENGTH:]
    if not end.startswith(_CHECKSUM):
        return text, False
    return line, end == f'{_CHECKSUM}{_checksum(line)}"}}'


def lines_of(file: BinaryIO) -> Iterator[str]:
    """The lines of a file or a pipe, never more than one in memory. Raises BadDump for what is no text, and for a line
    beyond all measure.
    """
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
        if len(line) > LONGEST_LINE:
            raise BadDump(number, f"it has more than {LONGEST_LINE:,} bytes")
        try:
            yield line.decode()
        except UnicodeDecodeError:
            raise BadDump(number, "it is not UTF-8") from None


class Reading:
    """The lines after the header, each with its number, checked as they pass by. Raises BadDump."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.line = 1
        self._changed: int | None = None
        text = self._unsealed(next(self._lines, ""))
        try:
            header = _HEADER.validate_json(text)
        except ValidationError as error:
            says = f"a dump begins with its header, of format {FORMAT} or 1: {_in_words(error)}"
            raise BadDump(1, says) from None
        self.format = header.format
        self.position = 0
        self._promised = header.events
        self._kind = 0
        self._ended = self.format == 1
        self._first_event: int | None = None

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for text in self._lines:
            self.line += 1
            if len(text) > LONGEST_LINE:
                raise BadDump(self.line, f"it has more than {LONGEST_LINE:,} characters")
            line = self._unsealed(text)
            self._check(line)
            yield self.line, line

    def line_of(self, position: int) -> int:
        """Of an event: positions follow each other, line by line."""
        return (self._first_event or 1) + position - 1

    def check_whole(self) -> None:
        if self.position != self._promised:
            raise BadDump(self.line, f"it ends after {self.position} of {self._promised} events")
        if not self._ended:
            raise BadDump(self.line, "it ends before the last line of a dump")

    def check_unchanged(self) -> None:
        """To be called last: every other problem says more."""
        if self._changed is not None and self.format > 1:
            raise BadDump(self._changed, "it does not have the content that it was exported with")

    def _unsealed(self, text: str) -> str:
        line, unchanged = _without_checksum(text)
        if not unchanged and self._changed is None:
            self._changed = self.line
        return line

    def _check(self, text: str) -> None:
        one = self._parsed(text)
        if _NUL.search(text) and _holds_nul(one.model_dump()):
            raise BadDump(self.line, "there is a NUL character in it")
        match one:
            case _KitLine():
                self._check_kit(one)
            case _EventLine():
                self.position += 1
                self._first_event = self._first_event or self.line
                if one.position != self.position:
                    raise BadDump(self.line, f"position {one.position} where {self.position} was to be")
            case _AppendLine() if one.last < one.first:
                raise BadDump(self.line, f"an append from version {one.first} to {one.last}")
            case _EndLine():
                if self._ended or one.end != self.line - 1:
                    raise BadDump(self.line, f"the last line of a dump, and {one.end} lines come before it")
                self._ended = True

    def _parsed(self, text: str) -> Any:
        """The line as what it is: of the same kind as the one before, or of a later one."""
        kind = self._kind_of(text)
        if kind is None:
            raise BadDump(self.line, "it is neither a kit nor an event nor an append")
        if kind < self._kind:
            raise BadDump(self.line, "it is out of its place: kits come first, then events, then appends, then the end")
        self._kind = kind
        try:
            return _KINDS[kind][1].validate_json(text)
        except ValidationError as error:
            raise BadDump(self.line, _in_words(error)) from None

    def _kind_of(self, text: str) -> int | None:
        begins = _BEGINS.match(text)
        try:
            names = (begins[1],) if begins else _OBJECT.validate_json(text)
        except ValidationError as error:
            raise BadDump(self.line, _in_words(error)) from None
        return next((nth for nth, (mark, _) in enumerate(_KINDS) if mark in names), None)

    def _check_kit(self, one: _KitLine) -> None:
        """The digest of a kit in an older format is that of what it said then, and cannot be computed any more."""
        try:
            kit = parse(one.body)
        except KitNotReadable as error:
            why = _in_words(error.__cause__) if isinstance(error.__cause__, ValidationError) else error.reason
            says = f"the body of version {one.version} of {one.program} cannot be read as a kit: {why}"
            raise BadDump(self.line, says) from None
        digest = kit.digest if from_json(one.body).get("format") == KIT_FORMAT else one.kit
        if (digest, kit.program, kit.version) != (one.kit, one.program, one.version):
            says = f"the body of version {one.version} of {one.program} is not the one that was published: its digest"
            raise BadDump(self.line, f"{says} is another")


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\x00" in value
        case dict():
            return any(_holds_nul(key) or _holds_nul(one) for key, one in value.items())
        case list() | tuple():
            return any(map(_holds_nul, value))
        case _:
            return False


def _in_words(error: ValidationError) -> str:
    """The first problem, without what was given: it may be personal."""
    first: ErrorDetails = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    says = "it is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        says = "a line of a dump has no such field"
    return f"{where}: {says[0].lower()}{says[1:]}" if where else f"{says[0].lower()}{says[1:]}"
