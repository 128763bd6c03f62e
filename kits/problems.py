"""Problems in files that people write, with the place and the remedy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_SHOWN = 20
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    file: Path
    line: int | None
    field: str | None
    says: str
    remedy: str
    column: int | None = None
    grave: bool = True
    """Whether it keeps the file from being used; otherwise it is a warning."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        field = f"{self.field}: " if self.field else ""
        return f"{place}: {field}{self.says}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem as programs are told it."""

    severity: Literal["error", "warning"]
    file: str
    line: int | None
    column: int | None
    field: str | None
    problem: str
    remedy: str

    @classmethod
    def of(cls, one: Problem) -> "Finding":
        severity: Literal["error", "warning"] = "error" if one.grave else "warning"
        return cls(severity, str(one.file), one.line, one.column, one.field, one.says, one.remedy)


class BadFileError(Exception):
    """The file cannot be used, and nothing was done with it. Has every problem, in the order of the lines.

    Its message lists the grave ones; warnings are only in `problems`.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        grave = [str(one) for one in problems if one.grave]
        said = grave[:_SHOWN]
        if len(grave) > _SHOWN:
            said.append(f"... and {len(grave) - _SHOWN} more")
        super().__init__("\n".join(said))


def quoted(value: object) -> str:
    """A value as a problem shows it: quoted, without control characters, and cut if it is long."""
    text = value if isinstance(value, str) else repr(value)
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"
    return repr(short) if isinstance(value, str) else short
