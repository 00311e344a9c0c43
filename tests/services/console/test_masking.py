"""What most eyes see of a person."""

import pytest

from services.console import masking


@pytest.mark.parametrize(
    ("given", "shown"),
    [("María Pérez López", "M••• P••• L•••"), ("Ana", "A•••"), ("", "—"), (None, "—")],
)
def test_names_are_initials(given: str | None, shown: str) -> None:
    assert masking.name(given) == shown


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        ("phone", "+525512345678", "+52 ••• 78"),
        ("whatsapp", "12345", "•••"),
        ("email", "maria@example.test", "m•••@e•••"),
    ],
)
def test_contacts_keep_an_end_of_each(kind: str, given: str, shown: str) -> None:
    assert masking.contact(kind, given) == shown
