"""Personal data at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.keyring import new_key
from services.vault import NotAuthentic, UnknownKey, Vault, VaultProblem

OLD, NEW = new_key("k1"), new_key("k2")
VAULT = Vault([OLD])
PERSON = VAULT.new_person_key()


@given(st.binary(max_size=2_000), st.binary(max_size=50))
def test_what_is_sealed_for_a_person_opens_again(plaintext: bytes, context: bytes) -> None:
    token = VAULT.seal(PERSON, plaintext, context)
    assert VAULT.open(PERSON, token, context) == plaintext
    assert len(token) == len(plaintext) + 30


def test_the_same_text_never_looks_the_same() -> None:
    assert VAULT.seal(PERSON, b"+525512345678", b"cp") != VAULT.seal(PERSON, b"+525512345678", b"cp")


def test_a_value_does_not_open_in_another_place() -> None:
    token = VAULT.seal(PERSON, b"secret", b"debtor.name/D-1")
    with pytest.raises(NotAuthentic):
        VAULT.open(PERSON, token, b"debtor.name/D-2")


def test_a_value_does_not_open_with_another_persons_key() -> None:
    token = VAULT.seal(PERSON, b"secret", b"x")
    with pytest.raises(NotAuthentic):
        VAULT.open(VAULT.new_person_key(), token, b"x")


@given(st.data())
def test_any_change_or_cut_of_a_token_is_noticed(data: st.DataObject) -> None:
    token = VAULT.seal_raw(b"raw callback", b"callback")
    place = data.draw(st.integers(0, len(token) - 1))
    damaged = data.draw(
        st.sampled_from([token[:place], token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]])
    )
    with pytest.raises(VaultProblem):
        VAULT.open_raw(damaged, b"callback")


@given(st.binary(max_size=200))
def test_bytes_that_were_never_sealed_are_refused(noise: bytes) -> None:
    with pytest.raises(VaultProblem):
        VAULT.open_raw(noise, b"")
    with pytest.raises(VaultProblem):
        VAULT.seal(noise, b"text", b"")


def test_after_a_new_key_old_values_open_and_new_ones_use_it() -> None:
    rotated = Vault([NEW, OLD])
    assert rotated.open(PERSON, VAULT.seal(PERSON, b"old", b"c"), b"c") == b"old"
    raw = rotated.seal_raw(b"new", b"c")
    assert Vault([NEW]).open_raw(raw, b"c") == b"new"
    with pytest.raises(UnknownKey, match="'k2'"):
        VAULT.open_raw(raw, b"c")


def test_the_blind_index_outlives_a_new_key_and_depends_on_the_deployment() -> None:
    assert Vault([NEW, OLD]).blind("+525512345678") == VAULT.blind("+525512345678")
    assert VAULT.blind("+525512345678") != VAULT.blind("+525512345679")
    assert Vault([NEW]).blind("+525512345678") != VAULT.blind("+525512345678")
    assert len(VAULT.blind("x")) == 16


def test_a_commitment_needs_its_salt() -> None:
    assert Vault.commit(b"salt", "texto") == Vault.commit(b"salt", "texto")
    assert Vault.commit(b"salt", "texto") != Vault.commit(b"other", "texto")


def test_a_persons_key_stays_usable_when_the_cache_is_full() -> None:
    small = Vault([OLD], cached_persons=2)
    persons = [small.new_person_key() for _ in range(10)]
    tokens = [small.seal(person, str(n).encode(), b"c") for n, person in enumerate(persons)]
    assert [small.open(p, t, b"c") for p, t in zip(persons, tokens, strict=True)] == [b"%d" % n for n in range(10)]


def test_no_error_tells_the_data() -> None:
    token = VAULT.seal(PERSON, b"+525512345678", b"c")
    with pytest.raises(NotAuthentic) as refused:
        VAULT.open(PERSON, token[:-1] + bytes([token[-1] ^ 1]), b"c")
    assert "5512345678" not in repr(refused.value)


def test_a_vault_needs_a_key() -> None:
    with pytest.raises(VaultProblem, match="PUNTUAL_PII_KEYS"):
        Vault([])
