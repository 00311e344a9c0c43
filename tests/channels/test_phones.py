"""One number, however it is written."""

import pytest

from channels.phones import canonical, comparable


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("+525512345678", None, "+525512345678"),
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("5215512345678", None, "+525512345678"),
        ("5215512345678", "MX", "+525512345678"),
        ("525512345678", "MX", "+525512345678"),
        ("(55) 1234-5678", "MX", "+525512345678"),
        ("(55) 1234-5678", "mx", "+525512345678"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("045 55 1234 5678", "MX", "+525512345678"),
        ("01 55 1234 5678", "MX", "+525512345678"),
        ("+52 044 55 1234 5678", None, "+525512345678"),
        ("0052 55 1234 5678", "MX", "+525512345678"),
        ("whatsapp:+5215512345678", None, "+525512345678"),
        ("tel:+52-55-1234-5678", None, "+525512345678"),
        ("\u202a+52 55\u00a01234\u20115678\u202c", None, "+525512345678"),
        ("+12025550123", "MX", "+12025550123"),
        ("011 15 2345 6789", "AR", "+5491123456789"),
        ("+54 9 11 2345 6789", None, "+5491123456789"),
        ("+54 11 4321 1234", None, "+541143211234"),
        ("+56 9 1234 5678", "MX", "+56912345678"),
        ("+55 11 8765 4321", None, "+5511987654321"),
        ("11 8765-4321", "BR", "+5511987654321"),
        ("11 98765-4321", "BR", "+5511987654321"),
        ("11 3333-4444", "BR", "+551133334444"),
        ("300 123 4567", "CO", "+573001234567"),
        ("099 123 4567", "EC", "+593991234567"),
        ("809 555 1234", "DO", "+18095551234"),
    ],
)
def test_a_number_is_brought_to_its_one_form(written: str, country: str | None, expected: str) -> None:
    assert canonical(written, country) == expected
    assert canonical(expected, country) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "n/a",
        "5555555555",
        "+52 55 5555 5555",
        "0000000000",
        "1234567890",
        "9876543210",
        "55 1234",
        "55 1234 5678 ext 9",
        "1-800-FLOWERS",
        "maria@example.test",
        "+" * 30,
        "5" * 200,
        "５５１２３４５６７８",
        "+999123456789",
    ],
)
def test_junk_is_no_number(written: str) -> None:
    assert canonical(written, "MX") is None


def test_argentina_with_and_without_its_9_is_comparable() -> None:
    assert comparable("+5491123456789") == comparable("+541123456789")
    assert comparable("+5491123456789") != comparable("+541123456788")
    assert comparable("+525512345678") == "+525512345678"
