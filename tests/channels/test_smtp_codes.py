"""What the codes of mail mean."""

import pytest

from channels.smtp_codes import Stage, bounced, refused, status_of
from schemas.enums import FailureClass


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.1.1", "", FailureClass.INVALID_ADDRESS),
        ("5.1.10", "", FailureClass.INVALID_ADDRESS),
        ("5.0.0", "smtp; 550 user unknown", FailureClass.INVALID_ADDRESS),
        ("5.0.0", "smtp; 550 5.7.1 blocked", FailureClass.BLOCKED),
        ("5.0.0", "smtp; 552 5.2.2 full", FailureClass.TEMPORARY),
        ("5.2.2", "", FailureClass.TEMPORARY),
        ("4.4.7", "expired", FailureClass.TEMPORARY),
        ("5.4.4", "no such domain", FailureClass.INVALID_ADDRESS),
        ("5.4.6", "loop", FailureClass.NOT_DELIVERED_BY_CHANNEL),
        ("5.7.1", "", FailureClass.BLOCKED),
        ("5.7.26", "", FailureClass.CONFIG),
        ("5.3.4", "", FailureClass.BUG),
        ("", "550 5.1.1 unknown", FailureClass.INVALID_ADDRESS),
        ("", "it is gone", FailureClass.NOT_DELIVERED_BY_CHANNEL),
        ("nonsense", "10.5.1.1", FailureClass.NOT_DELIVERED_BY_CHANNEL),
    ],
)
def test_a_bounce_is_read_by_its_status_and_then_by_its_diagnostic(
    status: str, diagnostic: str, expected: FailureClass
) -> None:
    assert bounced(status, diagnostic) == expected


def test_an_address_with_numbers_is_no_status() -> None:
    assert status_of("from 192.5.1.1 and 5.1.1.9") is None
    assert status_of("said: 550-5.1.1 no", "5.2.2") == "5.1.1"


def test_only_what_is_for_good_ends_an_address() -> None:
    assert refused(450, "4.1.1 later", Stage.RECIPIENT) == (FailureClass.TEMPORARY, False, "450 4.1.1")
    assert refused(550, "5.1.1 never", Stage.RECIPIENT) == (FailureClass.INVALID_ADDRESS, True, "550 5.1.1")
    assert refused(552, "5.3.4 large", Stage.SENDER) == (FailureClass.BUG, True, "552 5.3.4")
