"""Where the trial data are: beside the checkout, or where TRELLIS_DATA says. They are never part of the project."""

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def oulad_folder() -> Path:
    """Skips the test that asks, saying why, where there is none."""
    return _folder("oulad", "the Open University data")


def cncf_folder() -> Path:
    """As `oulad_folder`."""
    return _folder("cncf-2026-t3", "the data of CNCF's term")


def _folder(name: str, what: str) -> Path:
    folder = Path(os.environ.get("TRELLIS_DATA") or _BESIDE) / name
    if not folder.is_dir():
        pytest.skip(f"{what} are not at {folder}; TRELLIS_DATA says where else they are")
    return folder


def rows(folder: Path, table: str, presentation: str) -> Iterator[dict[str, str]]:
    """Read here once more, by other code than the importer's: what is tested must not be its own witness."""
    with gzip.open(folder / f"{table}.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            if f"{row['code_module']}/{row['code_presentation']}" == presentation:
                yield row


@dataclass(frozen=True)
class Record:
    """What the tables say of one learner."""

    left: int | None
    result: str
    work: dict[str, float | None]
    """The score of everything handed in for a tutor to mark, before they left."""

    @property
    def withdrew(self) -> bool:
        """Some did on a day that the tables do not say."""
        return self.left is not None or self.result == "Withdrawn"


def records(folder: Path, presentation: str) -> dict[str, Record]:
    marked = {
        row["id_assessment"] for row in rows(folder, "milestones", presentation) if row["assessment_type"] == "TMA"
    }
    found = {
        row["id_student"]: Record(
            left=int(row["date_unregistration"]) if row["date_unregistration"] else None,
            result=row["final_result"],
            work={},
        )
        for row in rows(folder, "learners", presentation)
    }
    for row in rows(folder, "submissions", presentation):
        one = found[row["id_student"]]
        if row["id_assessment"] in marked and (one.left is None or int(row["submitted_day"]) <= one.left):
            one.work[row["id_assessment"]] = float(row["score"]) if row["score"] else None
    return found


def first(those: dict[str, Record], limit: int) -> dict[str, Record]:
    """The first learners by number."""
    return {learner: those[learner] for learner in sorted(those, key=int)[:limit]}
