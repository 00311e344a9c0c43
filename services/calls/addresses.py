"""The addresses at which a call asks what to say: the call, the turn, what was asked last, and a token over them."""

from uuid import UUID

from services import tokens

VOICE = "voice"
PATH = f"/callbacks/twilio/{VOICE}"


def start_url(public_url: str, secret: bytes, call_id: UUID) -> str:
    """Where a call that we made asks what to say when it is answered."""
    return f"{public_url}{PATH}/{call_id}?k={tokens.sign(secret, VOICE, str(call_id))}"


def turn_url(public_url: str, secret: bytes, call_id: UUID, *, seq: int, asked: str) -> str:
    """Where the answer to what was asked before turn `seq` goes."""
    token = tokens.sign(secret, VOICE, str(call_id), str(seq), asked)
    return f"{public_url}{PATH}/{call_id}/{seq}/{asked}?k={token}"


def is_start(secret: bytes, token: str, call_id: str) -> bool:
    """Whether a token is that of a call's first address."""
    return tokens.verify(secret, token, VOICE, call_id)


def is_turn(secret: bytes, token: str, call_id: str, *, seq: str, asked: str) -> bool:
    """Whether a token is that of this turn's address."""
    return tokens.verify(secret, token, VOICE, call_id, seq, asked)
