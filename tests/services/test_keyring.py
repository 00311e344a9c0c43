"""Deployment keys as they are written in the environment."""

import base64

import pytest

from services.keyring import KeyringProblem, new_key, parse_keys, write_keys


def test_what_is_written_is_read_back_in_order() -> None:
    keys = (new_key("k2"), new_key("k1"))
    assert parse_keys(write_keys(keys)) == keys


def test_spaces_around_keys_do_not_matter() -> None:
    keys = (new_key("k2"), new_key("k1"))
    assert parse_keys(" , ".join(write_keys([key]) for key in keys)) == keys


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "key 1 has no valid id"),
        ("justbase64", "key 1 has no valid id"),
        (":AAAA", "key 1 has no valid id"),
        ("k 1:AAAA", "key 1 has no valid id"),
        ("k1:***", "key 1 is not base64"),
        ("k1:" + base64.b64encode(b"short").decode(), "key 1 has 5 bytes instead of 32"),
        ("k1:" + base64.b64encode(bytes(32)).decode(), "key 1 is not random"),
    ],
)
def test_a_bad_key_is_refused_with_place_and_remedy(text: str, said: str) -> None:
    with pytest.raises(KeyringProblem) as refused:
        parse_keys(text)
    assert said in str(refused.value)
    assert "write id:base64 of 32 random bytes" in str(refused.value)


def test_two_keys_of_one_id_are_refused() -> None:
    with pytest.raises(KeyringProblem, match="same id"):
        parse_keys(write_keys([new_key("k1"), new_key("k1")]))


def test_a_key_never_shows_itself() -> None:
    key = new_key("k1")
    encoded = base64.b64encode(key.secret).decode()
    assert repr(key) == "DeploymentKey(id='k1')"
    with pytest.raises(KeyringProblem) as refused:
        parse_keys(f"k1:{encoded}x")
    assert encoded not in str(refused.value)
