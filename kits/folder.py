"""Reads the texts in a kit's folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kits.problems import BadFileError, Problem
from kits.text_files import read_text

_LARGEST = 100_000
_LARGEST_OF_ALL = 400_000
"""Bytes. A kit travels with every journey that follows it."""
_MOST = 200
_MOST_ENTRIES = 5_000
_WRONG_FOLDER = "is it the right folder?"
_ABOUT_THE_FOLDER = "README.md"


def read_texts(folder: Path) -> Mapping[str, str]:
    """Every Markdown file in the folder and below it, by its path from there. READMEs and hidden files are left out.

    Raises:
        BadFileError: for each that is not text or too large, and if there are too many.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in _markdown(folder):
        try:
            texts[_name(file, folder)] = read_text(file, _LARGEST)
        except BadFileError as error:
            problems += error.problems
        if len(texts) + len(problems) > _MOST:
            break
    if len(texts) > _MOST or sum(len(text.encode()) for text in texts.values()) > _LARGEST_OF_ALL:
        says = f"there are more texts here than the {_MOST} files and {_LARGEST_OF_ALL:,} bytes that a kit may have"
        problems.append(Problem(folder, None, None, says, _WRONG_FOLDER))
    if problems:
        raise BadFileError(*problems)
    return texts


def _markdown(folder: Path) -> Iterator[Path]:
    """Sorted by name. Links are not followed: a kit ends with its folder."""
    left, seen = [folder], 0
    while left:
        entries = _entries(left.pop())
        seen += len(entries)
        if seen > _MOST_ENTRIES:
            says = f"there are more than {_MOST_ENTRIES:,} files in this folder and those below it"
            raise BadFileError(Problem(folder, None, None, says, _WRONG_FOLDER))
        shown = [entry for entry in entries if not entry.name.startswith(".") and not entry.is_symlink()]
        left += [entry for entry in reversed(shown) if entry.is_dir()]
        yield from (one for one in shown if one.suffix == ".md" and one.name != _ABOUT_THE_FOLDER and one.is_file())


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda one: one.name)
    except OSError as error:
        says = error.strerror or str(error)
        raise BadFileError(Problem(folder, None, None, says, "make it readable, or give another path")) from error


def _name(file: Path, folder: Path) -> str:
    name = file.relative_to(folder).as_posix()
    if name.isprintable():  # names that are not valid UTF-8 are not
        return name
    says = f"the name {name!r} has characters that cannot be written down"
    raise BadFileError(Problem(folder, None, None, says, "give the file another name"))
