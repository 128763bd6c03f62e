"""What can be wrong with a file that people write, said so that they know where to look and what to do."""

from dataclasses import dataclass
from pathlib import Path

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    file: Path
    line: int | None
    field: str | None
    says: str
    remedy: str
    column: int | None = None
    grave: bool = True
    """Whether the file cannot be used; otherwise this is a warning."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        about = f"{self.field}: " if self.field else ""
        return f"{place}: {about}{self.says}; {self.remedy}"


class BadFileError(Exception):
    """The file cannot be used, and nothing was done with it. Carries every problem found, in the order of its lines.

    Its words are those of the grave ones; warnings are only carried.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        grave = [str(one) for one in problems if one.grave]
        said = grave[:_SHOWN]
        if len(grave) > _SHOWN:
            said.append(f"... and {len(grave) - _SHOWN} more")
        super().__init__("\n".join(said))


def read_text(path: Path, limit: int) -> str:
    """The whole of a UTF-8 file. Raises BadFileError when it cannot be read, is no text, or is longer than `limit`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFileError(Problem(path, None, None, error.strerror or str(error), "give another path")) from error
    if len(content) > limit:
        says = f"it has {len(content):,} bytes, and {limit:,} are the most that is read"
        raise BadFileError(Problem(path, None, None, says, "is it the right file?"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        says = "there is a character that is not UTF-8"
        raise BadFileError(Problem(path, line, None, says, "save the file with the encoding UTF-8")) from error
