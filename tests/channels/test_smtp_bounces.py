"""What comes back by mail, read."""

import random
from dataclasses import replace

import pytest

from channels.smtp_bounces import Automatic, Bounce, Complaint, NoMail, Reply, Returned, read_returned
from schemas.enums import AttemptState, FailureClass
from tests.channels import returned_mails as mails
from tests.channels.returned_mails import ATTEMPT, TOKEN, VERP

UNDELIVERED = AttemptState.UNDELIVERED
FAILED = Bounce(UNDELIVERED, "dsn-failed", FailureClass.INVALID_ADDRESS, "5.1.1")


def read(mail: str, recipient: str = "") -> Returned:
    return read_returned(mail.encode(), recipient)


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (mails.POSTFIX, FAILED),
        (mails.POSTFIX.replace("\n", "\r\n"), FAILED),
        (mails.INTERNATIONAL, FAILED),
        (mails.EXCHANGE, Bounce(UNDELIVERED, "dsn-failed", FailureClass.INVALID_ADDRESS, "5.1.10")),
        (mails.FULL, Bounce(UNDELIVERED, "dsn-failed", FailureClass.TEMPORARY, "5.2.2")),
        (mails.GENERIC, Bounce(UNDELIVERED, "dsn-failed", FailureClass.BLOCKED, "5.0.0")),
        (mails.DELAYED, Bounce(None, "dsn-delayed", None, "4.4.1")),
        (mails.DELIVERED, Bounce(AttemptState.DELIVERED, "dsn-delivered", None, "2.0.0")),
        (mails.QMAIL, Bounce(UNDELIVERED, "bounce-failed", FailureClass.INVALID_ADDRESS, "5.1.1")),
        (mails.GIBBERISH, Bounce(None, "bounce-unreadable", None, None)),
        (mails.ABUSE, Complaint("abuse")),
        (mails.WANTED, Automatic()),
        (mails.AUTHENTICATION, Automatic()),
        (mails.READ_RECEIPT, Automatic()),
        (mails.AWAY, Automatic()),
    ],
)
def test_each_kind_is_told_apart(mail: str, expected: Bounce | Complaint | Automatic) -> None:
    assert read(mail).content == expected


@pytest.mark.parametrize("mail", [mails.POSTFIX, mails.QMAIL, mails.GIBBERISH, mails.ABUSE])
def test_the_token_of_the_return_address_names_the_attempt(mail: str) -> None:
    assert read(mail).tokens == (TOKEN,)


@pytest.mark.parametrize("mail", [mails.WITHOUT_VERP, mails.EXCHANGE, mails.QMAIL, mails.ABUSE])
def test_the_mail_that_is_returned_names_it_as_well(mail: str) -> None:
    assert read(mail).quoted == (ATTEMPT,)


def test_the_envelope_comes_first_and_any_case_will_do() -> None:
    other = f"b+{'9' * 32}=fedcba9876543210@rebotes.financiera.test"
    assert read(mails.POSTFIX, other).tokens[0] == other[2:51]
    assert read(mails.GIBBERISH.replace(VERP, VERP.upper())).tokens == (TOKEN.upper(),)


def test_the_name_of_the_envelope_names_it_where_nothing_else_does() -> None:
    report = mails.WITHOUT_VERP.replace(
        "Reporting-MTA", f"Original-Envelope-Id: {TOKEN.replace('=', '+3D')}\nReporting-MTA"
    )
    assert read(report).tokens == (TOKEN,)


def test_an_answer_is_its_own_words_and_names_what_it_answers() -> None:
    answer = read(mails.ANSWER)
    assert answer.content == Reply(
        "Pago el viernes.", "maria@example.test", "avisos@financiera.test", "<r1@example.test>", False
    )
    assert answer.quoted == (ATTEMPT,)
    assert answer.tokens == ()


def test_writing_to_the_mailbox_for_leaving_is_leaving_even_where_a_machine_writes_it() -> None:
    leaving = read(mails.LEAVING)
    assert isinstance(leaving.content, Reply)
    assert leaving.content.leaving
    assert leaving.tokens == (TOKEN,)
    by_machine = read(mails.LEAVING.replace("Subject", "Auto-Submitted: auto-generated\nSubject"))
    assert by_machine.content == leaving.content


def test_a_mail_without_a_name_of_its_own_is_the_same_one_twice() -> None:
    nameless = mails.ANSWER.replace("Message-ID: <r1@example.test>\n", "")
    first, second = read(nameless).content, read(nameless).content
    assert isinstance(first, Reply)
    assert first == second
    assert first.message_id.startswith("sha256:")
    other = read(nameless.replace("viernes", "jueves")).content
    assert isinstance(other, Reply)
    assert replace(other, text=first.text) != first


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\x00\xff\xfe", b"no headers at all\nbut lines"])
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(NoMail):
        read_returned(raw)


def test_no_damage_makes_a_mail_unreadable() -> None:
    dice = random.Random(7)
    samples = [value.encode() for name, value in vars(mails).items() if name.isupper() and "\n" in str(value)]
    for _ in range(1500):
        raw = bytearray(dice.choice(samples))
        for _ in range(dice.randint(1, 12)):
            place = dice.randrange(len(raw))
            match dice.randrange(4):
                case 0:
                    raw[place] = dice.randrange(256)
                case 1:
                    del raw[place : place + dice.randint(1, 80)]
                case 2:
                    raw[place:place] = dice.choice([b"\r\n", b"\n\n", b"--A/mx\n", b"\0", b"=?utf-8?b?x", b"\xff" * 9])
                case _:
                    raw[place:place] = raw[place : place + 60]
            raw = raw or bytearray(b"x")
        try:
            read_returned(bytes(raw), dice.choice(["", VERP, "\0@"]))
        except NoMail:
            continue
