"""An invitation as a calendar file, read by another library than the one that wrote it, comes out as it was meant."""

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default
from typing import Any

import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from channels.addresses import Mailbox, SmtpServer
from channels.channel import CalendarFile, Notification
from channels.folder import FolderChannel
from channels.invitations import Invitation, calendar_file
from channels.lines import harmless, one_line
from channels.mail import as_mail
from channels.smtp import SmtpChannel
from tests.channels.letters import LETTER, SENDER, letter
from tests.channels.smtp_servers import Sink, taking

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
_STEERS = [
    *',;:\\"^\n\r\t é„“(){}',
    "\\n",
    "\\,",
    "👩🏽‍💻",
    "面談",
    "BEGIN:VEVENT",
    "\r\nATTENDEE:mailto:x@evil.example",
    "\x1b",
    "\u2028",
]
TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(_STEERS), max_size=60).map("".join)
MOMENTS = st.builds(
    lambda seconds, hours: datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours))),
    st.integers(631152000, 3786912000),
    st.integers(-12, 14),
)
INVITATIONS = st.builds(
    lambda starts_at, minutes, **given: Invitation(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **given
    ),
    method=st.sampled_from(["REQUEST", "CANCEL"]),
    uid=st.from_regex(r"[a-z-]{1,20}\.[a-z0-9-]{1,80}/session/[a-z0-9-]{1,40}@trellis", fullmatch=True),
    sequence=st.integers(0, 2**31 - 1),
    changed_at=MOMENTS,
    starts_at=MOMENTS,
    minutes=st.integers(1, 10_000),
    title=TEXTS,
    description=TEXTS,
    tentative=st.booleans(),
    organizer=st.builds(Mailbox, TEXTS.map(one_line), st.just("mentoring@trellis.example")),
    attendee=st.builds(
        Mailbox,
        TEXTS.map(one_line),
        st.sampled_from(["ana@example.org", "o'neil+x@xn--bcher-kva.example", "a%b&c@x.example"]),
    ),
)


def invitation(**changes: Any) -> Invitation:
    given: dict[str, Any] = {
        "method": "REQUEST",
        "uid": "job-ready.l-1/session/kickoff@trellis",
        "sequence": 2,
        "changed_at": NOON - timedelta(days=3),
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "title": "Kick-off with Ana (Job ready)",
        "description": "Agree on the goal",
        "tentative": False,
        "organizer": SENDER,
        "attendee": Mailbox("Žofie Nováková", "zofie@learners.example"),
    }
    return Invitation(**given | changes)


def read(file: CalendarFile) -> Any:
    """The one event, as vobject reads it."""
    calendar = vobject.readOne(file.content)
    assert (calendar.method.value, calendar.version.value) == (file.method, "2.0")
    assert len(calendar.vevent_list) == 1, "one UID in one message"
    assert not hasattr(calendar, "vtimezone")
    return calendar.vevent


def name_meant(name: str) -> str:
    """Quotation marks in a name are single ones: others read what stands for double ones as it is."""
    return one_line(name.replace('"', "'").replace("^", " "))


@given(INVITATIONS)
@example(
    invitation(
        title="面談" * 60, description="👩🏽‍💻" * 80, attendee=Mailbox('Ann "The" O\'Neil; x, y: z', "a@b.example")
    )
)
def test_another_library_reads_what_was_meant(meant: Invitation) -> None:
    file = calendar_file(meant)
    lines = file.content.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75, "octets, not characters"
    assert file.content.count("\n") == len(lines) - 1, "every line ends in CR LF"
    assert all(line.decode() is not None for line in lines), "no fold lies within a character"
    event = read(file)
    assert (event.uid.value, event.sequence.value) == (meant.uid, str(meant.sequence))
    assert (event.dtstart.value, event.dtend.value) == (meant.starts_at, meant.ends_at)
    assert event.dtstamp.value == meant.changed_at
    assert event.summary.value == one_line(meant.title)
    description = event.description.value if hasattr(event, "description") else ""
    assert description == harmless(meant.description)
    status = "CANCELLED" if meant.method == "CANCEL" else "TENTATIVE" if meant.tentative else "CONFIRMED"
    assert event.status.value == status
    (attendee,) = event.attendee_list
    assert attendee.params["RSVP"] == ["TRUE"]
    assert attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    for person, mailbox in ((attendee, meant.attendee), (event.organizer, meant.organizer)):
        assert person.value == f"mailto:{mailbox.address.replace('%', '%25').replace('&', '%26')}"
        assert person.params.get("CN", [""]) == [name_meant(mailbox.name)]


def test_the_same_invitation_is_the_same_to_the_byte() -> None:
    assert calendar_file(invitation()) == calendar_file(invitation())
    assert "DTSTART:20261020T120000Z\r\n" in calendar_file(invitation()).content


def test_a_mail_has_the_invitation_as_the_alternative_that_calendars_read() -> None:
    for method in ("REQUEST", "CANCEL"):
        file = calendar_file(invitation(method=method))
        content = as_mail(letter(calendar=file), SENDER)
        mail = message_from_bytes(content, policy=default)
        assert mail.get_content_type() == "multipart/alternative"
        text, calendar = mail.iter_parts()
        assert (text.get_content_type(), calendar.get_content_type()) == ("text/plain", "text/calendar")
        assert text.get_content().replace("\r\n", "\n") == LETTER.text
        assert calendar["Content-Type"].params == {"charset": "UTF-8", "method": method}
        assert calendar["Content-Disposition"] is None, "as an attachment it has no buttons"
        assert calendar.get_payload(decode=True) == file.content.encode()
        assert content.isascii()
        assert all(line.endswith(b"\r\n") and len(line) <= 80 for line in content.splitlines(keepends=True))
        assert content.split(b"\r\nDate:")[0] == as_mail(letter(calendar=file), SENDER).split(b"\r\nDate:")[0]


@given(TEXTS, TEXTS)
def test_nothing_in_a_letter_ends_its_part(text: str, title: str) -> None:
    file = calendar_file(invitation(title=title))
    mail = message_from_bytes(as_mail(letter(text=text, calendar=file), SENDER), policy=default)
    shown, calendar = mail.iter_parts()
    assert shown.get_content().replace("\r\n", "\n").rstrip("\n") == harmless(text).rstrip("\n")
    assert calendar.get_payload(decode=True) == file.content.encode()


async def test_a_mail_server_and_a_folder_get_it_whole(tmp_path: Any) -> None:
    sink, sent = Sink(), letter(calendar=calendar_file(invitation(title="Größe, „zuerst“; 🌱")))
    async with taking(sink) as port:
        await SmtpChannel(SmtpServer.of(f"smtp://127.0.0.1:{port}"), SENDER).send(sent)
    await FolderChannel(tmp_path, SENDER).send(sent)
    (envelope,), (file,) = sink.envelopes, tmp_path.glob("*.eml")
    assert isinstance(envelope.content, bytes)
    for content in (envelope.content, file.read_bytes()):
        assert received(content).summary.value == "Größe, „zuerst“; 🌱"


def received(mail: bytes) -> Any:
    _, calendar = message_from_bytes(mail, policy=default).iter_parts()
    content = calendar.get_payload(decode=True)
    assert isinstance(content, bytes)
    return read(CalendarFile(calendar["Content-Type"].params["method"], content.decode()))


def test_a_letter_without_one_stays_plain() -> None:
    plain = Notification("l-1", "Ana", "ana@example.org", "s", "t")
    assert message_from_bytes(as_mail(plain, SENDER), policy=default).get_content_type() == "text/plain"
