"""The diagram and the words of a program, against golden files.

To renew them after looking at what changed:
`trellis program draw tests/programs/whole --to tests/golden/programs/whole.svg`, and likewise the others.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings

from domain.kit import Kit
from kits.draw import mermaid, svg
from kits.explain import explain
from kits.loading import load_kit
from tests.domain.journeys import kits
from tests.offline import Offline

TESTS = Path(__file__).parent.parent
WHOLE = TESTS / "programs" / "whole"
GOLDEN = TESTS / "golden" / "programs"
SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = sorted((TESTS.parent / "programs").glob("*/program.yaml"))


@pytest.fixture(scope="module")
def whole() -> Kit:
    return load_kit(WHOLE)


def without_digest(text: str, kit: Kit) -> str:
    """The digest follows from the model of kits too, and says nothing about a drawing."""
    return "\n".join(line for line in text.splitlines() if "Drawn from" not in line and kit.digest[:12] not in line)


@pytest.mark.parametrize("form", ["svg", "mermaid"])
def test_the_diagram_is_the_golden_one(form: str, whole: Kit) -> None:
    drawn = {"svg": svg, "mermaid": mermaid}[form](whole)
    golden = (GOLDEN / f"whole.{form}").read_text()
    # a golden file of another digest differs in that line alone
    same = [line for line in golden.splitlines() if "Drawn from" not in line]
    assert without_digest(drawn, whole).splitlines() == same


def test_the_words_are_the_golden_ones(whole: Kit, offline: Offline) -> None:
    code, out, _ = offline("program", "explain", str(WHOLE))
    assert code == 0
    assert out.splitlines()[1:] == (GOLDEN / "whole.txt").read_text().splitlines()[1:]


@pytest.mark.parametrize("file", [WHOLE / "program.yaml", *SHIPPED], ids=lambda file: file.parent.name)
def test_a_diagram_is_whole_accessible_and_on_one_page(file: Path) -> None:
    kit = load_kit(file)
    root = ET.fromstring(svg(kit))  # noqa: S314 it was written here
    assert root.attrib["role"] == "img"
    assert [root.find(f"{SVG}{name}").text for name in ("title",)] == [f"{kit.title}: how the program runs"]  # type: ignore[union-attr]
    said = root.find(f"{SVG}desc")
    assert said is not None
    assert all(pathway.title in str(said.text) for pathway in kit.pathways)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert height < 1.6 * width  # a page of A4 upright, or nearly
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= height
    drawn = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert all(rule.title in drawn for rule in kit.escalations)


@settings(max_examples=30, deadline=None)
@given(kits())
def test_any_kit_can_be_drawn_and_explained(kit: Kit) -> None:
    ET.fromstring(svg(kit))  # noqa: S314 it was written here
    assert mermaid(kit).startswith("---\ntitle: ")
    assert explain(kit)


def test_every_rule_that_is_explained_has_its_line(whole: Kit) -> None:
    source = (WHOLE / "program.yaml").read_text().splitlines()
    sentences = [one for chapter in explain(whole) for one in chapter.sentences]
    for rule in whole.escalations:
        (one,) = [one for one in sentences if one.says.startswith(f"{rule.title}: when")]
        line = int(one.source.split(":")[1])
        assert f"id: {rule.id}" in "".join(source[line - 4 : line])
    assert [one.says for one in sentences if one.source == ""] == [
        "The first that fits is taken; a reviewer may choose another."
    ]


def test_a_file_that_cannot_be_written_is_said(offline: Offline, tmp_path: Path) -> None:
    code, _, err = offline("program", "draw", str(WHOLE), "--to", str(tmp_path / "no" / "where.svg"))
    assert (code, "No such file or directory" in err) == (2, True)
    code, _, _ = offline("program", "draw", str(WHOLE), "--to", str(tmp_path / "whole.svg"))
    assert (code, (tmp_path / "whole.svg").read_text()) == (0, svg(load_kit(WHOLE)))
