"""Letters by mail: taken, refused, and lost on the way."""

import asyncio
import socket
import ssl
import subprocess
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from channels.addresses import SmtpServer
from channels.channel import Bounced, NotTaken, Uncertain
from channels.smtp import SmtpChannel
from tests.channels.letters import LETTER, SENDER, assert_tells_nothing_of_people, letter
from tests.channels.smtp_servers import HANGS_UP, SAYS_NOTHING, Scripted, Sink, taking

_REPEATS_IT = "<zofie@learners.example>: Žofie Nováková is not here"


def channel(
    port: int, url: str = "smtp://127.0.0.1", seconds: float = 10, tls: ssl.SSLContext | None = None
) -> SmtpChannel:
    return SmtpChannel(SmtpServer.of(f"{url}:{port}"), SENDER, seconds=seconds, tls_context=tls)


def read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)


async def test_a_letter_arrives_as_it_was_written() -> None:
    sink = Sink()
    async with taking(sink) as port:
        await channel(port).send(LETTER)
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER.address, [LETTER.to_address])
    assert read(envelope)["Subject"] == LETTER.subject
    assert read(envelope).get_content().replace("\r\n", "\n") == LETTER.text


async def test_many_letters_at_once_through_one_channel() -> None:
    sink = Sink()
    async with taking(sink) as port:
        one = channel(port)
        await asyncio.gather(*(one.send(letter(id=f"l-{number}")) for number in range(20)))
        await one.close()
    assert sorted(read(each)["X-Trellis-Message"] for each in sink.envelopes) == sorted(f"l-{n}" for n in range(20))


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "letter"])
@pytest.mark.parametrize(
    ("reply", "outcome", "code"),
    [
        (f"450 4.2.1 {_REPEATS_IT}", NotTaken, "450 4.2.1"),
        (f"451 {_REPEATS_IT}", NotTaken, "451"),
        (f"421 4.3.2 {_REPEATS_IT}", NotTaken, "421 4.3.2"),
        (f"530 5.7.0 {_REPEATS_IT}", NotTaken, "530 5.7.0"),
        (f"550 5.1.1 {_REPEATS_IT}", Bounced, "550 5.1.1"),
        (f"552-5.2.2 {_REPEATS_IT}\r\n552 5.2.2 {_REPEATS_IT}", Bounced, "552 5.2.2"),
        (f"554 {_REPEATS_IT}", Bounced, "554"),
    ],
)
async def test_a_refusal_is_for_good_or_for_now(verb: str, reply: str, outcome: type[NotTaken], code: str) -> None:
    async with Scripted({verb: reply}).listening() as port:
        with pytest.raises(NotTaken, match=rf"refuses the (sender|address|letter) \({code}\)$") as caught:
            await channel(port).send(LETTER)
    assert type(caught.value) is outcome
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize(("verb", "reply"), [("RCPT", "550 5.1.1 no"), ("DATA", "554 5.6.0 no")])
async def test_a_real_server_refuses(verb: str, reply: str) -> None:
    sink = Sink(**{verb: reply})
    async with taking(sink) as port:
        with pytest.raises(Bounced, match=reply[:9]):
            await channel(port).send(LETTER)
    assert not sink.envelopes


@pytest.mark.parametrize("verb", ["greeting", "EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("silence", [HANGS_UP, SAYS_NOTHING])
async def test_a_connection_lost_before_the_letter_leaves_it_here(verb: str, silence: str) -> None:
    async with Scripted({verb: silence}).listening() as port:
        with pytest.raises(NotTaken) as caught:
            await channel(port, seconds=0.2 if silence == SAYS_NOTHING else 10).send(LETTER)
    assert type(caught.value) is NotTaken
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize("verb", ["DATA", "letter"])
@pytest.mark.parametrize("silence", [HANGS_UP, SAYS_NOTHING, "999 what", "250-", "nonsense"])
async def test_a_connection_lost_within_the_letter_leaves_it_uncertain(verb: str, silence: str) -> None:
    async with Scripted({verb: silence}).listening() as port:
        with pytest.raises(Uncertain) as caught:
            await channel(port, seconds=0.2 if silence in {SAYS_NOTHING, "250-"} else 10).send(LETTER)
    assert_tells_nothing_of_people(caught.value)


async def test_hanging_up_in_the_middle_of_the_letter_leaves_it_uncertain() -> None:
    async def take_a_part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in ("220 ready", "250 localhost", "250 ok", "250 ok", "354 go on"):
            writer.write(f"{answer}\r\n".encode())
            await reader.readline()
        writer.transport.abort()

    async with await asyncio.start_server(take_a_part, "127.0.0.1", 0) as server:
        with pytest.raises(Uncertain):
            await channel(server.sockets[0].getsockname()[1]).send(letter(text="a line\n" * 100_000))


@pytest.mark.parametrize("goodbye", [HANGS_UP, "500 what", "nonsense"])
async def test_a_letter_that_was_taken_is_taken_whatever_comes_after(goodbye: str) -> None:
    server = Scripted({"QUIT": goodbye})
    async with server.listening() as port:
        await channel(port).send(LETTER)
    assert "QUIT" in server.lines, "it was said after the letter was taken"


@pytest.mark.parametrize("greeting", ["421 too busy", "554 not you", "nonsense"])
async def test_a_server_that_lets_nobody_in_has_taken_nothing(greeting: str) -> None:
    async with Scripted({"greeting": greeting}).listening() as port:
        with pytest.raises(NotTaken, match="does not let us in") as caught:
            await channel(port).send(LETTER)
    assert type(caught.value) is NotTaken


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens, so that nobody else can
        with pytest.raises(NotTaken, match="no connection to the mail server") as caught:
            await channel(taken.getsockname()[1]).send(LETTER)
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize("host", ["nowhere.invalid", "mail..example", "x" * 70])
async def test_a_host_that_is_not_there(host: str) -> None:
    with pytest.raises(NotTaken, match="no connection to the mail server") as caught:
        await channel(25, url=f"smtp://{host}").send(LETTER)
    assert_tells_nothing_of_people(caught.value)


async def test_an_address_with_line_breaks_is_told_to_no_server() -> None:
    server = Scripted({})
    async with server.listening() as port:
        with pytest.raises(Bounced) as caught:
            await channel(port).send(letter(to_address="zofie@learners.example>\r\nRCPT TO:<y@evil.example"))
    assert server.lines == []
    assert_tells_nothing_of_people(caught.value)


def authenticate(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.login == b"trellis" and given.password == b"p@ss/word", handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_login_is_needed_and_given() -> None:
    sink = Sink()
    async with taking(sink, authenticator=authenticate, auth_required=True, auth_require_tls=False) as port:
        await channel(port, url="smtp://trellis:p%40ss%2Fword@127.0.0.1").send(LETTER)
        with pytest.raises(NotTaken, match=r"does not let us in \(535 5\.7\.8\)") as wrong:
            await channel(port, url="smtp://trellis:wrong@127.0.0.1").send(LETTER)
        with pytest.raises(NotTaken, match="530 5") as none:
            await channel(port).send(LETTER)
    assert type(wrong.value) is type(none.value) is NotTaken
    assert len(sink.envelopes) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself, together with its key."""
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    named = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = [*made.split(), *named.split(), "-keyout", str(file), "-out", f"{file}.crt"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not here to make a certificate with")
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


@pytest.fixture
def of_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_an_upgraded_connection_is_encrypted(certificate: Path, of_server: ssl.SSLContext) -> None:
    sink, trusting = Sink(), ssl.create_default_context(cafile=certificate)
    async with taking(sink, tls_context=of_server, require_starttls=True) as port:
        await channel(port, url="smtp+starttls://127.0.0.1", tls=trusting).send(LETTER)
        with pytest.raises(NotTaken, match=r"\(530"):
            await channel(port).send(LETTER)
    assert sink.encrypted == [True]


async def test_a_connection_is_upgraded_or_not_used() -> None:
    server = Scripted({})
    async with server.listening() as port:
        with pytest.raises(NotTaken, match="not one as it is set"):
            await channel(port, url="smtp+starttls://127.0.0.1").send(LETTER)
    assert [line.split()[0] for line in server.lines] == ["EHLO"]


@pytest.mark.parametrize("url", ["smtp+starttls://127.0.0.1", "smtps://127.0.0.1"])
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(url: str, of_server: ssl.SSLContext) -> None:
    sink = Sink()
    async with taking(sink, tls_context=of_server) as port:
        with pytest.raises(NotTaken, match="no connection to the mail server") as caught:
            await channel(port, url=url, seconds=5).send(LETTER)
    assert type(caught.value) is NotTaken
    assert_tells_nothing_of_people(caught.value)


async def test_encrypted_from_the_beginning(certificate: Path, of_server: ssl.SSLContext) -> None:
    server = Scripted({})
    trusting = ssl.create_default_context(cafile=certificate)
    async with server.listening(of_server) as port:
        await channel(port, url="smtps://127.0.0.1", tls=trusting).send(LETTER)
        with pytest.raises(NotTaken):
            await channel(port, url="smtps://127.0.0.1").send(LETTER)
