"""Letters on the terminal."""

import io

import pytest

from channels.channel import Uncertain
from channels.console import ConsoleChannel
from tests.channels.letters import LETTER, assert_tells_nothing_of_people, letter


async def test_a_letter_can_be_read() -> None:
    stream = io.StringIO()
    await ConsoleChannel(stream).send(letter(text="Hello Žofie,\n\nhow are you?\n"))
    rule, to, subject, *text, end = stream.getvalue().splitlines()
    assert LETTER.id in rule
    assert to == "To: Žofie Nováková <zofie@learners.example>"
    assert subject == f"Subject: {LETTER.subject}"
    assert text == ["", "Hello Žofie,", "", "how are you?"]
    assert set(end) == {"-"}


async def test_without_a_stream_it_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    await ConsoleChannel().send(LETTER)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert LETTER.subject in shown.err


async def test_nobody_steers_the_terminal() -> None:
    stream = io.StringIO()
    wild = "\x1b[2J\x9b31m\x07\r\x00a\u2028b\ud800"
    await ConsoleChannel(stream).send(letter(id=wild, to_name=wild, to_address=wild, subject=wild, text=wild))
    assert all(char.isprintable() or char == "\n" for char in stream.getvalue())
    stream.getvalue().encode()


async def test_a_terminal_that_went_away() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(Uncertain) as caught:
        await ConsoleChannel(stream).send(LETTER)
    assert_tells_nothing_of_people(caught.value)


async def test_a_terminal_that_knows_only_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with pytest.raises(Uncertain) as caught:
        await ConsoleChannel(stream).send(LETTER)
    assert_tells_nothing_of_people(caught.value)
