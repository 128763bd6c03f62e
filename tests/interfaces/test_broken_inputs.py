"""Kits and files as careless hands, spreadsheets and other programs make them: a sentence each with its line, within
bounds of time and memory, and never a traceback.
"""

import os
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from domain.kit import Kit
from kits.loading import read_kit
from kits.problems import BadFileError
from kits.text_files import LONGEST_LINE
from scenarios.mentor_files import read_mentors
from scenarios.people_files import read_learners
from tests.channels.letters import LETTER
from tests.domain.stories import KIT
from tests.support.small_kit import SMALL

Content = str | bytes
_FAST_SECONDS = 5.0
_LITTLE_BYTES = 60_000_000


SHEET = "id,name,email,goal,hours,times"
ZOE = "l-1,Zo\u00eb,z@example.org,job,7.5,am; pm"


def swapped(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def headed(more: str) -> str:
    return f"{SMALL}{more}\n"


TITLE = "title: Small"
KITS: dict[str, tuple[Content, str]] = {
    # YAML that reads otherwise than it looks
    "octal": (headed("capacity: {learners_per_mentor: 010}"), r":23:.* 010 is read as the number 8; write a plain"),
    "hexadecimal": (headed("capacity: {learners_per_mentor: 0x1F}"), r":23:.* 0x1F is read as the number 31"),
    "binary number": (headed("capacity: {learners_per_mentor: 0b11}"), r":23:.* 0b11 is read as the number 3"),
    "underscores": (headed("capacity: {learners_per_mentor: 1_0}"), r":23:.* 1_0 is read as the number 10"),
    "sixties": (headed("capacity: {learners_per_mentor: 1:30}"), r":23:.* 1:30 is read as the number 90"),
    "sixties without end": (
        headed(f"capacity: {{learners_per_mentor: 1{':10' * 50_000}}}"),
        r":23:.*beyond all measure",
    ),
    "infinity": (headed("capacity: {target_utilization: .inf}"), r":23:.*\.inf is read as the number inf"),
    "not a number": (headed("capacity: {target_utilization: .nan}"), r":23:.*\.nan is read as the number nan"),
    "5,000 digits": (headed(f"capacity: {{learners_per_mentor: {'9' * 5_000}}}"), r":23:.*a number that is beyond"),
    "yes as a number": (headed("capacity: {learners_per_mentor: yes}"), r":23:.*yes is read as yes or no"),
    "on as an option": (
        headed("intake: {questions: [{id: q, ask: Q, kind: choice, options: [on, off]}]}"),
        r":23:.*on",
    ),
    "no as a title": (swapped(TITLE, "title: no"), r":3:.*title: a text is wanted, and no is read as yes or no; put"),
    "version": (
        swapped('"1"', "1.10"),
        r":2:.*version: a text is wanted, and 1.10 is read as a number; put it in quo",
    ),
    "binary": (swapped(TITLE, "title: !!binary aGVsbG8="), r":3:.*title: it cannot be read: tags such as !!binary"),
    "set": (headed("human: !!set {a, b}"), r":23:.*human: it cannot be read: tags"),
    "tag of one's own": (swapped(TITLE, "title: !env HOME"), r":3:.*title: it cannot be read: tags"),
    "merge": (headed("pausing: {<<: {limit: 1 day}}"), r":23:.*the name of a field is not a plain word"),
    "anchors and aliases": (headed("customizable: [&a x, *a]"), r":23:.*aliases are not read: write it out"),
    "bomb": ("a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a, ' * 9}*a]\n" for n in range(99)), r":2:.*aliases are not"),
    "5,000 nestings": (swapped(TITLE, f"title: {'[' * 5_000}"), r":3:.*nested too deeply"),
    "5,000 nested fields": (swapped(TITLE, f"title: {'{a: ' * 5_000}"), r":3:.*nested too deeply"),
    "two documents": (SMALL + "---\n" + SMALL, r":23:.*this is not YAML: but found another document"),
    # the ends of time
    "year 9999": (headed("starts_at: 9999-12-31T23:59:59-12:00"), r":23:.*starts_at: .*out of range"),
    "year 1": (headed("starts_at: 0001-01-01T00:00:00+14:00"), r":23:.*starts_at: "),
    "year 9999 in quotes": (headed('starts_at: "9999-12-31T23:59:59-12:00"'), r":23:.*starts_at: "),
    "year 1 in quotes": (headed('starts_at: "0001-01-01T00:00:00+14:00"'), r":23:.*starts_at: "),
    "a day that is none": (headed("starts_at: 2026-02-30T10:00:00Z"), r":23:.*starts_at: it cannot be read: "),
    "a day alone": (headed("starts_at: 2026-03-02"), r":23:.*starts_at: "),
    "seconds": (headed("starts_at: 1796400000"), r":23:.*starts_at: "),
    # the wrong key, in every model
    "missed_in_a_row": (
        swapped("no_activity_for: 7 days", "missed_in_a_row: 2"),
        r":21:.*`sessions_missed_in_a_row` wh",
    ),
    "open_a_case": (swapped("nudge: learner", "open_a_case: ops"), r":22:.*did you mean `open_case` where it says"),
    "limits": (headed("pausing: {limits: 9 days}"), r":23:.*pausing.limits: .*did you mean `limit`\?"),
    "every": (headed("monitoring: {after_rematch: {check_in_evry: 7 days}}"), r":23:.*did you mean `check_in_every`\?"),
    "dimension": (headed("rubric: {dimension: [depth]}"), r":23:.*rubric.dimension: .*did you mean `dimensions`\?"),
    "answered": (
        headed("pre_mortem: [{failure: x, answered_by: quiet, answred: y}]"),
        r":23:.*did you mean `answered_by`",
    ),
    "on boarding": (
        headed("mentor_kit: {onbording: a.md}"),
        r":23:.*mentor_kit.onbording: .*did you mean `onboarding`\?",
    ),
    "elsewhere": (headed("cadence: weekly"), r":23:1: cadence: .*it belongs in `promise`; take it out here"),
    "after as a field of a rule": (
        swapped("    then: {", "    after: 2 days\n    then: {"),
        r":22:.*escalations.0.after",
    ),
    # templates
    "brace": (
        headed("messages: {n: {when: nudge, subject: 'Hi {{ name', text: a.md}}"),
        r":23:.*what \{\{ or \{% begins",
    ),
    "endfor": (
        headed("messages: {n: {when: nudge, subject: '{% for x in y %}', text: a.md}}"),
        r":23:.*cannot be read",
    ),
    # what is no text
    "NUL": (swapped(TITLE, "title: Sm\0all"), r":3: there is a NUL character"),
    "escaped NUL": (swapped(TITLE, 'title: "a\\0b"'), r":3:.*title: there is a NUL character"),
    "escape": (
        swapped(TITLE, "title: \x1b[31mSmall"),
        r":3:8: this is not YAML: there is a control character \(U\+001B\)",
    ),
    "escaped escape": (
        swapped(TITLE, 'title: "\\e[31m"'),
        r":3:8: title: there is a control character in it \(U\+001B",
    ),
    "Latin-1": (SMALL.replace("Small", "Sm\u00e4ll").encode("latin-1"), r":3: there is a character that is not UTF-8"),
    "too large": ("#" * 1_000_001, r": it has 1,000,001 bytes, and 1,000,000 are the most"),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", r":1: there is a character that is not UTF-8"),
    "UTF-16 without a mark": (
        SMALL.encode("utf-16-le"),
        r":1: there is a NUL character, as in .* UTF-16 without its mark",
    ),
    "UTF-16 cut off": (SMALL.encode("utf-16") + b"\x00", r":23: it is not whole: UTF-16 is cut off"),
    "line separators": (
        swapped(TITLE, "title: S\u2028mall\nfoo: x"),
        r":4:1: .*perhaps it is the U\+2028 in l",
    ),
    # amounts
    "8,000 bad entries": (
        swapped("sessions:", "sessions:\n" + "\n".join(f"      - {{id: s{n}, titel: x}}" for n in range(8_000))),
        r":17:.*titel: a kit has no such field here; did you mean `title`",
    ),
    "1,001 pathways": (
        SMALL.partition("pathways:")[0]
        + "intake: {questions: [{id: g, ask: G, kind: choice, options: [a, b]}]}\npathways:\n"
        + "".join(
            f"  - {{id: p{n}, title: P, mentor_type: m, ends: 1 week, when: {{g: [a]}}}}\n" for n in range(1_001)
        ),
        r":12:1: pathways: there are 1,001 pathways, and 1,000 are the limit",
    ),
}

ANNA = '{"id":"l-1","name":"Anna"%s}\n'
PEOPLE: dict[str, tuple[str, Content, str]] = {
    # spreadsheets
    "separator of its own": ("p.csv", "sep=|\nid|name\n", r":1: '\|' cannot separate columns"),
    "a column without a name": ("p.csv", "id,name,\nl,L,x\n", r":2: it has 3 fields, not 2 as the first line"),
    "a column without a name within": ("p.csv", "id,,name\nl,x,L\n", r":1: a column has values and no name"),
    "a misspelled column": (
        "p.csv",
        "id,name,emial\n",
        r":1: emial: this column means nothing here; did you mean email\?",
    ),
    "a list by commas": (
        "p.csv",
        'id,name,times\nl,L,"am, pm"\n',
        r":2: times: .*separate several by ';' within the cell",
    ),
    "a list in a file of semicolons": ("p.csv", "id;name;times\nl;L;am,pm\n", r":2: times: .*as in \"am; pm\""),
    "an open quote": ("p.csv", 'id,name\nl,"L\nm,M\n', r":2: this is not CSV: .*every one that opens must close"),
    "a field beyond all measure": (
        "p.csv",
        'id,name\nl,"' + "x\n" * 100_000,
        r":2: this is not CSV: field larger than",
    ),
    "a line beyond all measure": (
        "p.csv",
        "id,name\nl," + "x" * (LONGEST_LINE + 1),
        r":2: this line has more than 1,000",
    ),
    "Latin-1": (
        "p.csv",
        "id,name\nl,Zo\u00eb\n".encode("latin-1"),
        r":2: there is a character that is not UTF-8; save it as",
    ),
    "UTF-16 without a mark": ("p.csv", "id,name\n".encode("utf-16-le"), r":1: there is a NUL character"),
    "NUL": ("p.csv", "id,name\nl,An\0na\n", r":2: there is a NUL character"),
    "a bell": (
        "p.csv",
        "id,name\nl,An\x07na\n",
        r":2: name: there is a control character in it \(U\+0007\); take it out",
    ),
    "a vertical tab": ("p.csv", "id,name\nl,An\x0bna\n", r":2: name: there is a control character in it \(U\+000B"),
    "text that turns around": (
        "p.csv",
        "id,name\nl,An\u202ena\n",
        r":2: name: there is a control character in it \(U\+202E",
    ),
    "5,000 digits": (
        "p.csv",
        f"id,name,hours\nl,L,{'9' * 5_000}\n",
        r":2: hours: '9{59}\u2026' is no answer: it wants a n",
    ),
    "an id of 5,000 characters": ("p.csv", f"id,name\n{'l' * 5_000},L\n", r":2: id: 'l{59}\u2026' is not an id"),
    "a name of 5,000 characters": (
        "p.csv",
        f"id,name\nl,{'L' * 5_000}\n",
        r":2: name: it has 5,000 characters, and 200",
    ),
    "letters beyond ASCII before the @": (
        "p.csv",
        "id,name,email\nl,L,zo\u00eb@example.org\n",
        r":2: email: .*beyond ASCII",
    ),
    "an IP address": ("p.csv", "id,name,email\nl,L,l@[10.0.0.1]\n", r":2: email: .*an IP address is not supported"),
    "a domain without a dot": ("p.csv", "id,name,email\nl,L,l@example\n", r":2: email: .*its domain has no dot"),
    "a domain that cannot be": (
        "p.csv",
        "id,name,email\nl,L,l@-a.org\n",
        r":2: email: .*the domain of this mail address",
    ),
    "two addresses": (
        "p.csv",
        'id,name,email\nl,L,"a@b.org, c@d.org"\n',
        r":2: email: no mail can be sent to .*a blank before the @",
    ),
    # JSON
    "no JSON": ("p.ndjson", "{\n", r":1:.*this is not JSON: .*; write one JSON object a line"),
    "a list": ("p.ndjson", "[]\n", r":1: this is JSON, and not an object"),
    "5,000 nestings": (
        "p.ndjson",
        ANNA % (',"answers":{"goal":' + "[" * 5_000 + "]" * 5_000 + "}"),
        r":1: (it is nest|answ)",
    ),
    "100,000 nestings": ("p.ndjson", "[" * 100_000, r":1: it is nested too deeply"),
    "5,000 digits in JSON": (
        "p.ndjson",
        ANNA % (',"answers":{"hours":' + "9" * 5_000 + "}"),
        r":1: the number 9{59}\u2026",
    ),
    "an infinite number": ("p.ndjson", ANNA % ',"answers":{"hours":1e999}', r":1: answers.hours: the answer is not"),
    "not a number": ("p.ndjson", ANNA % ',"answers":{"hours":NaN}', r":1: NaN is not a number"),
    "a name twice": ("p.ndjson", ANNA % ',"id":"l-2"', r":1: 'id' is there twice; keep one of the two"),
    "NUL by an escape": (
        "p.ndjson",
        '{"id":"l","name":"An\\u0000na"}',
        r":1: name: there is a control character in it \(U\+0",
    ),
    "NUL escaped twice": (
        "p.ndjson",
        '{"id":"l","name":"An\\\\u0000na"}',
        r":1: name: there is .u0000 in it, an esc",
    ),
    "NUL in an answer": (
        "p.ndjson",
        ANNA % ',"answers":{"note":"a\\u0000"}',
        r":1: answers.note: the answer has a NUL",
    ),
    "half a character": (
        "p.ndjson",
        '{"id":"l","name":"\\ud800"}',
        r":1: name: there is a control character in it \(U\+D8",
    ),
    "a number for a name": (
        "p.ndjson",
        '{"id":"l","name":7}',
        r":1: name: a text is wanted, and this is 7; put it in quot",
    ),
    "a field that there is not": ("p.ndjson", ANNA % ',"emial":"x"', r":1: emial: .*did you mean email\?"),
    "answers as a list": ("p.ndjson", ANNA % ',"answers":[1]', r":1: answers: an object is wanted"),
    "a line too long": (
        "p.ndjson",
        ANNA % (',"x":"' + "x" * LONGEST_LINE + '"'),
        r":1: this line has more than 1,000,000 c",
    ),
}


def refused(read: Callable[[], object]) -> str:
    """What it says, in sentences; read in a short time and with little memory."""
    began = monotonic()
    with pytest.raises(BadFileError) as caught:
        read()
    assert monotonic() - began < _FAST_SECONDS
    assert all(one.says and one.remedy for one in caught.value.problems)
    said = str(caught.value)
    assert "Traceback" not in said
    assert all(len(line) < 600 for line in said.split("\n"))
    return said


@pytest.mark.parametrize(("content", "says"), KITS.values(), ids=KITS)
def test_a_kit_is_refused_at_its_line(tmp_path: Path, content: Content, says: str) -> None:
    (tmp_path / "a.md").write_text("Hello\n")
    file = tmp_path / "program.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    said = refused(lambda: read_kit(tmp_path))
    assert re.search(rf"program\.yaml{says}", said), said[:1_000]


@pytest.mark.parametrize(("name", "content", "says"), PEOPLE.values(), ids=PEOPLE)
def test_people_are_refused_at_their_line(tmp_path: Path, name: str, content: Content, says: str) -> None:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    said = refused(lambda: read_learners(file, KIT))
    assert re.search(rf"{re.escape(name)}{says}", said), said[:1_000]


@pytest.mark.parametrize("capacity", ["1000000000", "9" * 5_000, "\u0663", "1.5", "-1", "1e3"])
def test_a_capacity_that_is_no_number_of_learners_is_never_another(tmp_path: Path, capacity: str) -> None:
    (tmp_path / "m.csv").write_text(f"id,name,mentor_type,capacity\nm,M,peer,{capacity}\n")
    assert ":2: capacity: " in refused(lambda: read_mentors(tmp_path / "m.csv", KIT))


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "program.yaml")
    return folder / "program.yaml"


def _folder(folder: Path) -> Path:
    (folder / "people.csv").mkdir()
    return folder / "people.csv"


def _loop(folder: Path) -> Path:
    (folder / "people.csv").symlink_to(folder / "people.csv")
    return folder / "people.csv"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_fifo, "it is a pipe, not a file; give the path of a file"),
        (lambda _: Path("/dev/zero"), "/dev/zero: it is a device, not a file"),
        (lambda _: Path("/dev/null"), "/dev/null: it is a device, not a file"),
        (lambda folder: folder / "nowhere.csv", "No such file or directory; give another path"),
        (_folder, "a folder|No such file|Is a directory"),
        (_loop, "Too many levels of symbolic links"),
        (lambda _: Path("a\0b"), "null byte; give another path"),
    ],
)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    path = make(tmp_path)
    for read in (lambda: read_learners(path, KIT), lambda: read_kit(path)):
        assert re.search(says, refused(read))


@pytest.mark.parametrize("name", ["p.csv", "p.ndjson"])
def test_a_line_of_400_megabytes_is_refused_with_little_memory(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.write(b"id,name\n")
        file.truncate(49_000_000)  # the rest reads as NUL
    (tmp_path / "large.csv").touch()
    os.truncate(tmp_path / "large.csv", 400_000_000)
    tracemalloc.start()
    assert ":2: there is a NUL character" in refused(lambda: read_learners(tmp_path / name, KIT)) or name == "p.ndjson"
    assert "it has 400,000,000 bytes" in refused(lambda: read_learners(tmp_path / "large.csv", KIT))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < _LITTLE_BYTES


GERMAN = '{sheet}\r\nl-1;Zo\u00eb;z@example.org;job;7,5;"am; pm"\r\n'
SPREADSHEETS: dict[str, Content] = {
    "Excel, comma": f"\ufeff{SHEET}\r\n{ZOE}\r\n",
    "Excel, semicolon": "\ufeff" + GERMAN.format(sheet=SHEET.replace(",", ";").title()),
    "Excel, sep=": "sep=;\r\n" + GERMAN.format(sheet=SHEET.replace(",", ";")),
    "Excel, Unicode text": f"{SHEET}\r\n{ZOE}\r\n".replace(",", "\t").encode("utf-16"),
    "Excel, Macintosh": f"{SHEET}\r{ZOE}\r",
    "Sheets, empty columns and rows": f"{SHEET},,\n{ZOE},,\n,,,,,,,\n",
    "Numbers, trailing cells": f"{SHEET}\n{ZOE},,\n\n\n",
    "capitals and blanks": f"\n ID , Name ,EMAIL,Goal,Hours,Times\n{ZOE}\n",
}


@pytest.mark.parametrize("content", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_files_as_spreadsheets_save_them_are_read(tmp_path: Path, content: Content) -> None:
    (tmp_path / "p.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    (person,) = read_learners(tmp_path / "p.csv", KIT)
    assert (person.person_id, person.name, person.email) == ("l-1", "Zo\u00eb", "z@example.org")
    assert person.attributes["answers"] == {"goal": "job", "hours": 7.5, "times": ["am", "pm"]}


@pytest.mark.parametrize("within", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c"])
def test_lines_end_at_newlines_only(tmp_path: Path, within: str) -> None:
    (tmp_path / "p.csv").write_text(f"id,name,note\nl-1,Anna,I want{within} this\nl-2,B,x\n", newline="")
    anna, _ = read_learners(tmp_path / "p.csv", KIT)
    assert anna.attributes["answers"] == {"note": f"I want{within} this"}
    if within >= "\x80":  # JSON has the others as escapes only
        (tmp_path / "p.ndjson").write_text(
            ANNA % f',"answers":{{"note":"a{within}b"}}' + ANNA.replace("l-1", "l-2") % ""
        )
        assert read_learners(tmp_path / "p.ndjson", KIT)[0].attributes["answers"] == {"note": f"a{within}b"}


@pytest.mark.parametrize("address", ["ana@b\u00fccher.example", "Ana.M+x@sub.Example.ORG", "ana@localhost"])
def test_an_address_that_is_imported_is_one_that_mail_is_sent_to(tmp_path: Path, address: str) -> None:
    from dataclasses import replace

    from channels.mail import recipient

    (tmp_path / "p.csv").write_text(f"id,name,email\nl,L,{address}\n")
    (person,) = read_learners(tmp_path / "p.csv", KIT)
    assert person.email == address
    assert recipient(replace(LETTER, to_address=address)).address.isascii()


def test_sharp_s_stays_itself() -> None:
    """IDNA 2003 made another domain of it."""
    from channels.addresses import mail_address

    assert mail_address("a@stra\u00dfe.de") == "a@xn--strae-oqa.de"


def test_there_are_as_many_as_are_asked_for() -> None:
    assert len(KITS) + len(PEOPLE) >= 65
    assert isinstance(KIT, Kit)
