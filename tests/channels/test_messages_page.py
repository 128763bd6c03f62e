"""docs/messages.md names what there is."""

import re
from pathlib import Path
from typing import get_args

from channels.rendering import FILTERS, WORDS, problems
from settings import Settings, variables

PAGE = (Path(__file__).parent.parent.parent / "docs" / "messages.md").read_text()
OF_LETTERS = {
    "TRELLIS_OPS_ADDRESS",
    *(name for name in variables() if re.match("TRELLIS_(MESSAGES|SMTP|WEBHOOK)", name)),
}


def test_every_setting_of_letters() -> None:
    assert set(re.findall(r"TRELLIS_\w+", PAGE)) == OF_LETTERS


def test_every_channel() -> None:
    channels = re.findall(r"^\| `([a-z]+)`(?: \(the default\))? \|", PAGE.partition("## Try it")[0], re.MULTILINE)
    assert sorted(channels) == sorted(get_args(Settings.model_fields["messages"].annotation))


def test_every_word_and_filter() -> None:
    templates = PAGE.partition("## Templates")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", templates, re.MULTILINE) == list(WORDS)
    assert all(f"`{name}`" in templates for name in FILTERS)


def test_the_examples_of_templates_are_templates() -> None:
    examples = [one.replace("word", "mentor") for one in re.findall(r"`(\{[{%#] .+?[}%#]\})`", PAGE)]
    assert [problems(one) for one in examples if one != "{{ }}"] == [[], [], []]
