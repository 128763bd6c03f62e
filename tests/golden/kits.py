"""Bodies of kits as they were published: `python -m tests.golden.kits NAME` records those that ship today, as NAME."""

import gzip
import sys
from pathlib import Path

from kits.loading import load_kit

FOLDER = Path(__file__).parent / "kits"
PROGRAMS = Path(__file__).parents[2] / "programs"


def read(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()


def main(name: str) -> None:
    (FOLDER / name).mkdir(parents=True, exist_ok=True)
    for folder in sorted(one.parent for one in PROGRAMS.glob("*/program.yaml")):
        body = load_kit(folder).model_dump_json()
        (FOLDER / name / f"{folder.name}.json.gz").write_bytes(gzip.compress(body.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
