"""A letter as a mail: what was put in comes out again, and nothing leaves its place."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.addresses import Mailbox
from channels.channel import Bounced, Notification
from channels.lines import harmless, one_line, plain_id
from channels.mail import as_mail
from tests.channels.letters import LETTER, SENDER, assert_tells_nothing_of_people, letter

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Trellis-Message"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
]


def read(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=default)


def header(mail: bytes, name: str) -> str:
    """Read by the older half of the email package; the newer one puts blanks between encoded words in names."""
    return str(make_header(decode_header(message_from_bytes(mail)[name].replace("\r\n", ""))))


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def test_a_mail_is_what_the_letter_is() -> None:
    content = as_mail(LETTER, SENDER)
    mail = read(content)
    assert content.isascii()
    assert all(line.endswith(b"\r\n") and len(line) <= 80 for line in content.splitlines(keepends=True))
    assert str(mail["From"]) == "Mentoring <mentoring@trellis.example>"
    assert str(mail["To"]) == "Žofie Nováková <zofie@learners.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == "<job-ready.l-10.reminder-1@trellis.example>"
    assert mail["X-Trellis-Message"] == LETTER.id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo
    assert mail.get_content_type() == "text/plain"
    assert text_of(mail) == LETTER.text


_STEERS = [*"ab,\"'<>@;:\\()é_ \r\n\x00\u2028", "=?", "?=", "utf-8", "?q?", "?b?", "=0A", "=0D", "Bcc: "]
_HOSTILE = st.text(max_size=200) | st.lists(st.sampled_from(_STEERS), max_size=60).map("".join)


@given(name=_HOSTILE, subject=_HOSTILE, text=_HOSTILE, letter_id=st.text())
@example(name='x"\r\nBcc: y@evil.example', subject="a\r\n\r\nb", text="\r\n.\r\nQUIT\r\n", letter_id="\r\nX: y")
@example(name='é, "b" <y@evil.example>, c', subject="=?utf-8?q?=0ABcc:_y?=", text="\ud800", letter_id="../../x")
@example(name="é" * 300, subject="é 𐀀" * 300, text="a" * 3000, letter_id="l-1")
@example(name="a" * 300, subject="a" * 3000, text=".", letter_id="l-1")
def test_what_goes_in_comes_out_and_nothing_leaves_its_place(
    name: str, subject: str, text: str, letter_id: str
) -> None:
    content = as_mail(
        Notification(letter_id, name, "ana@example.org", subject, text), Mailbox(one_line(name), "t@x.example")
    )
    assert all(len(line) <= 998 for line in content.splitlines())
    mail, shown = read(content), one_line(name)[:100].strip()
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert [one.addr_spec for one in mail["To"].addresses] == ["ana@example.org"]
    assert [one.addr_spec for one in mail["From"].addresses] == ["t@x.example"]
    assert header(content, "To") == (f"{shown} <ana@example.org>" if shown else "ana@example.org")
    assert header(content, "Subject") == one_line(subject)
    assert mail["X-Trellis-Message"] == plain_id(letter_id)
    assert text_of(mail).rstrip("\n") == harmless(text).rstrip("\n")


def test_a_domain_beyond_ascii_is_written_in_ascii() -> None:
    (to,) = read(as_mail(letter(to_address="ana@bücher.example"), SENDER))["To"].addresses
    assert to.addr_spec == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zofie",
        "@",
        "zofie@",
        "@learners.example",
        "zofie@learners.example\r\nBcc: y@evil.example",
        "zofie@learners.example,y@evil.example",
        "zofie@a@b.example",
        "zofie a@learners.example",
        "<zofie@learners.example>",
        '"zofie"@learners.example',
        "žofie@learners.example",
        ".zofie@learners.example",
        "zofie@learners..example",
        "zofie@-learners.example",
        "zofie@[127.0.0.1]",
        "zofie@learners\x00.example",
        "zofie@" + "a" * 64 + ".example",
        "z" * 65 + "@learners.example",
        "z@" + "a." * 200 + "example",
    ],
)
def test_what_cannot_be_an_address_bounces(address: str) -> None:
    with pytest.raises(Bounced) as caught:
        as_mail(letter(to_address=address), SENDER)
    assert_tells_nothing_of_people(caught.value)


@given(st.text(), st.text())
def test_ids_stay_different_and_fit_everywhere(one: str, other: str) -> None:
    assert plain_id(one).replace("-", "").replace("_", "").replace(".", "").replace("~", "").isalnum() or one
    assert len(plain_id(one)) <= 56
    assert not {"/", "\\", "\n", "@", "<", ">"} & set(plain_id(one))
    assert (plain_id(one) == plain_id(other)) == (one == other)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a@b.example", Mailbox("", "a@b.example")),
        ("Ana Q <a@b.example>", Mailbox("Ana Q", "a@b.example")),
        ('"Q, Ana" <a@b.example>', Mailbox("Q, Ana", "a@b.example")),
        ("<a@b.example>", Mailbox("", "a@b.example")),
    ],
)
def test_a_mailbox_with_and_without_a_name(written: str, read_as: Mailbox) -> None:
    assert Mailbox.of(written) == read_as


@pytest.mark.parametrize("written", ["Ana", "Ana <a@b.example> <c@d.example>", "Ana <>", "a@b.example, c@d.example"])
def test_what_is_no_mailbox(written: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        Mailbox.of(written)
