"""The mail itself: what the RFCs ask of it, whatever words it carries."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.provider import Handover
from channels.simulators.smtp import SmtpSimulator
from channels.smtp import SmtpProvider
from channels.smtp_message import MailReturns, envelope_sender, mail
from schemas.enums import Channel
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT

TOKEN = f"{ATTEMPT.hex}=0123456789abcdef"
EXIT = f"https://cb.puntual.test/u/{ATTEMPT.hex}.cB-q42coGAbEG4d1WDmakA"
RETURNS = MailReturns("rebotes.financiera.test", "bajas@financiera.test")
CONTENT = RenderedMessage(Channel.EMAIL, "Hola", "es-MX", subject="Un aviso", html="<p>Hola</p>")
HANDOVER = Handover(
    ATTEMPT,
    "maria@example.test",
    "Financiera Demo <avisos@financiera.test>",
    CONTENT,
    timedelta(hours=1),
    "",
    unsubscribe_url=EXIT,
    mail_token=TOKEN,
    feedback_id="31eb60d4:puntual",
)
HEADERS = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Feedback-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Type",
]
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=150)


def built(returns: MailReturns = RETURNS, *, sender: str = HANDOVER.sender, **content: str | None) -> bytes:
    return mail(replace(HANDOVER, sender=sender, content=replace(CONTENT, **content)), at=0.0, returns=returns)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def test_the_headers_are_those_that_mailbox_providers_ask_for() -> None:
    message = parsed(built())
    assert message.keys() == HEADERS
    assert message["Message-ID"] == f"<{ATTEMPT}@financiera.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Feedback-ID"] == "31eb60d4:puntual"
    assert message["Date"] == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_exits_are_an_https_address_for_one_click_and_a_mailbox() -> None:
    message = parsed(built())
    exits = re.findall(r"<([^>]+)>", message["List-Unsubscribe"])
    assert exits == [EXIT, f"mailto:bajas+{TOKEN}@financiera.test"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed(built(MailReturns()))["List-Unsubscribe"] == f"<{EXIT}>"


def test_bounces_go_to_an_address_that_names_the_attempt_where_a_domain_takes_them() -> None:
    assert envelope_sender(HANDOVER, RETURNS) == f"b+{TOKEN}@rebotes.financiera.test"
    assert len(envelope_sender(HANDOVER, RETURNS).partition("@")[0]) <= 64
    assert envelope_sender(HANDOVER, MailReturns()) == "avisos@financiera.test"
    assert envelope_sender(replace(HANDOVER, mail_token=None), RETURNS) == "avisos@financiera.test"


async def test_the_relay_is_given_the_address_for_bounces() -> None:
    async with SmtpSimulator() as relay:
        account = SmtpProvider("smtp-main", host=relay.host, port=relay.port, tls="none", returns=RETURNS)
        await account.send(HANDOVER)
        await account.close()
    assert relay.messages[0].sender == f"b+{TOKEN}@rebotes.financiera.test"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("avisos@financiera.test", ""),
        ("Financiera Demo <avisos@financiera.test>", "Financiera Demo"),
        ('"Financiera, S.A. de C.V." <avisos@financiera.test>', "Financiera, S.A. de C.V."),
        ("Financiera Ñandú <avisos@financiera.test>", "Financiera Ñandú"),
        (f"{'Ñ' * 90} <avisos@financiera.test>", "Ñ" * 90),
        (f'"{"Uno, dos y tres " * 8}fin" <avisos@financiera.test>', "Uno, dos y tres " * 8 + "fin"),
    ],
)
def test_every_sender_is_read_back_as_it_was_written(sender: str, name: str) -> None:
    raw = built(sender=sender)
    (author,) = parsed(raw)["From"].addresses
    assert author.addr_spec == "avisos@financiera.test"
    # The newer parser keeps the space between encoded words of a name, which RFC 2047 drops.
    read = str(make_header(decode_header(message_from_bytes(raw, policy=compat32)["From"])))
    assert read.replace('"', "") == (f"{name} <avisos@financiera.test>" if name else "avisos@financiera.test")


@given(subject=words, name=words, text=words, html=words)
def test_whatever_the_words_the_mail_is_clean_and_says_them(subject: str, name: str, text: str, html: str) -> None:
    sender = f'"{name.translate({ord(c): None for c in chr(34) + chr(92)})}" <avisos@financiera.test>'
    if parseaddr(sender)[1] != "avisos@financiera.test":
        return
    raw = built(sender=sender, subject=subject, text=text, html=html)
    message = parsed(raw)
    assert message.keys() == HEADERS
    assert message["Subject"] == subject
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_payload(decode=True) == text.encode()
    assert rich.get_payload(decode=True) == html.encode()
    check_lines(raw)


def check_lines(raw: bytes) -> None:
    """RFC 5322 lines, 7 bits, CRLF alone, and no header line of spaces only."""
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(line.strip() for line in head)
    assert [line for line in lines if len(line) > 78 and b"http" not in line and b"mailto" not in line] == []


@given(st.text(max_size=60), st.sampled_from(["\r\n", "\n", "\r", "\0", "\r\n ", "\x0b"]))
def test_no_header_can_be_added_by_any_field(text: str, line_end: str) -> None:
    evil = f"{text}{line_end}Bcc: x@y.test"
    for change in ({"subject": evil}, {"language": evil}):
        with pytest.raises(ValueError):  # noqa: PT011
            built(**change)
    for field in ("to", "unsubscribe_url", "feedback_id", "mail_token"):
        with pytest.raises(ValueError):  # noqa: PT011
            mail(replace(HANDOVER, **{field: evil}), at=0.0, returns=RETURNS)


def test_a_name_with_line_breaks_adds_no_header() -> None:
    for sender in ("A\r\nBcc: x@y.test <avisos@financiera.test>", '"A\r\n B" <avisos@financiera.test>'):
        try:
            raw = built(sender=sender)
        except ValueError:
            continue
        assert message_from_bytes(raw, policy=compat32)["Bcc"] is None
