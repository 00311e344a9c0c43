"""The words of a call, sealed with its attempt when it is claimed: what is spoken is what was decided on."""

from campaigns.person import Person
from schemas.message import RenderedMessage
from services.consider import LEAST_CALL
from services.store.attempts import AttemptRow
from services.store.calls import CallRow
from services.vault import Vault

_SCRIPT, _ANSWER = b"call.script:", b"call_step.answer:"


def opened_call(vault: Vault, person: Person, attempt: AttemptRow, content: RenderedMessage) -> CallRow:
    """The call of an attempt that is about to be handed over; the person's key exists since their number does.

    It ends in the time of the longest call, so one that waited at the provider does not speak late.
    """
    assert person.person_key is not None
    return CallRow(
        id=attempt.id,
        attempt_id=attempt.id,
        inbound=False,
        provider=attempt.provider,
        provider_ref=None,
        debtor_ref=attempt.debtor_ref,
        message_id=attempt.message_id,
        loan_ref=attempt.loan_ref,
        language=content.language,
        voice=content.voice,
        script=vault.seal(person.person_key, content.text.encode(), _SCRIPT + attempt.id.bytes),
        ends_at=min(attempt.valid_until, attempt.handed_at + LEAST_CALL),
    )


def script_of(vault: Vault, person_key: bytes, call: CallRow) -> str | None:
    """The words of a call, None where it has none."""
    if call.script is None:
        return None
    return vault.open(person_key, call.script, _SCRIPT + call.attempt_id.bytes).decode()


def seal_answer(vault: Vault, person_key: bytes, call: CallRow, answer: str) -> bytes:
    """What a turn was answered with, as it is kept."""
    return vault.seal(person_key, answer.encode(), _ANSWER + call.id.bytes)


def open_answer(vault: Vault, person_key: bytes, call: CallRow, sealed: bytes) -> str:
    """What a turn was answered with."""
    return vault.open(person_key, sealed, _ANSWER + call.id.bytes).decode()
