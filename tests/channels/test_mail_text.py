"""A person's own words in a mail."""

from email import message_from_bytes
from email.message import EmailMessage

import pytest

from channels.mail_text import LONGEST, own_words


def written(text: str, *, html: str | None = None, subject: str = "Re: Un aviso") -> str:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    return own_words(message_from_bytes(mail.as_bytes()))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Pago mañana", "Pago mañana"),
        ("BAJA\n\n> Hola\n> adiós", "BAJA"),
        ("Sí\n\nEl mar, 24 nov 2026, X <x@y.test> escribió:\n\nHola BAJA", "Sí"),
        ("Sí\n\nEl mar, 24 nov 2026 a las 9:30, Financiera de\nnombre largo (<x@y.test>)\nescribió:\nHola", "Sí"),
        ("Yes\n\nOn Tue, Nov 24, 2026 at 9:30 AM X <x@y.test> wrote:\n> Hi", "Yes"),
        ("Sim\n\nEm ter., 24 de nov. de 2026 às 09:30, X <x@y.test> escreveu:\n> Oi", "Sim"),
        ("Ok\n\n-----Mensaje original-----\nDe: X\n\nBAJA", "Ok"),
        ("Ok\n\n________________________________\nDe: X\nBAJA", "Ok"),
        ("Ok\n\nDe: Financiera\nEnviado el: martes\nPara: yo\nAsunto: BAJA", "Ok"),
        ("Ok\n\nFrom: X\nSent: Tuesday\nTo: me", "Ok"),
        ("Ok\n-- \nMaría Pérez\nTel. 5512345678", "Ok"),
        ("Ok\n\nEnviado desde mi iPhone", "Ok"),
        ("El 24 pago 500", "El 24 pago 500"),
        ("El viernes 27 pago\nEl resto después:\nmañana", "El viernes 27 pago\nEl resto después:\nmañana"),
        ("De: mi sueldo pago", "De: mi sueldo pago"),
        ("", ""),
    ],
)
def test_quotations_and_signatures_are_left_out(text: str, own: str) -> None:
    assert written(text) == own


def test_an_answer_in_html_alone_is_read_as_it_is_seen() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Re: x"
    mail.set_content(
        "<style>p{}</style><div>Ya pagu&eacute;<br>ayer</div><blockquote><p>BAJA</p></blockquote>"
        '<div class="gmail_quote">BAJA <br> BAJA</div><script>BAJA</script>',
        subtype="html",
    )
    assert own_words(message_from_bytes(mail.as_bytes())) == "Ya pagué\nayer"


def test_the_text_is_preferred_to_the_html() -> None:
    assert written("Texto", html="<p>Otro</p>") == "Texto"


def test_a_subject_speaks_where_the_body_is_empty_unless_it_is_ours() -> None:
    assert written("", subject="Baja, por favor") == "Baja, por favor"
    assert written("", subject="RE: Un aviso") == ""


def test_an_attachment_is_not_read() -> None:
    mail = EmailMessage()
    mail.set_content("")
    mail.add_attachment("BAJA", filename="nota.txt")
    assert own_words(message_from_bytes(mail.as_bytes())) == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?x-unknown?b?x?=\nContent-Type: text/plain; charset=klingon\n\nhola \xe9",
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n!!!",
        b"Content-Type: text/html\n\n<<<<!-- <![ </b></b> <b",
    ],
)
def test_what_can_not_be_decoded_is_no_fault(raw: bytes) -> None:
    assert isinstance(own_words(message_from_bytes(raw)), str)


def test_a_book_is_cut() -> None:
    assert len(written("palabra " * 10_000)) == LONGEST
