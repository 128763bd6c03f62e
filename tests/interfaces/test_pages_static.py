"""What the pages load that others have written: exactly the files of these releases."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parents[2] / "interfaces" / "http" / "static"
PINNED = {
    "htmx.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",  # htmx.org 2.0.11
    "idiomorph.js": "4cbd535caf7663a51eda9bce6595371c384fc430d54b8d414e29a61167f19f96",  # idiomorph 0.8.0
}
"""SHA-256 of dist/htmx.min.js and dist/idiomorph.min.js, as npm has them."""


def test_the_scripts_of_others_are_those_that_were_pinned() -> None:
    for name, digest in PINNED.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
        assert name in (STATIC / "LICENSES").read_text()


def test_every_other_file_is_ours() -> None:
    assert {one.name for one in STATIC.iterdir()} == {*PINNED, "LICENSES", "page.css", "page.js"}
