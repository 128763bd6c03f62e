"""The texts in a kit's folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from interfaces.problems import BadFileError, Problem, read_text

_LARGEST = 100_000
_LARGEST_OF_ALL = 400_000
"""Bytes. A kit travels with every journey that follows it."""
_MOST = 200
_ABOUT_THE_FOLDER = "README.md"


def read_texts(folder: Path) -> Mapping[str, str]:
    """Every Markdown file in the folder and below it, by its path from there. READMEs and hidden files are passed over.

    Raises:
        BadFileError: for each that is no text or too large, and for too many of them.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in _markdown(folder):
        try:
            texts[file.relative_to(folder).as_posix()] = read_text(file, _LARGEST)
        except BadFileError as error:
            problems += error.problems
    if len(texts) > _MOST or sum(len(text.encode()) for text in texts.values()) > _LARGEST_OF_ALL:
        says = f"there are more texts here than the {_MOST} files and {_LARGEST_OF_ALL:,} bytes that a kit may have"
        problems.append(Problem(folder, None, None, says, "is it the right folder?"))
    if problems:
        raise BadFileError(*problems)
    return texts


def _markdown(folder: Path) -> Iterator[Path]:
    """In the order of their names, and without what a link leads to: a kit ends with its folder."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _markdown(entry)
        elif entry.suffix == ".md" and entry.name != _ABOUT_THE_FOLDER:
            yield entry
