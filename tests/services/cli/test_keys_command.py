"""`puntual keys`: shown once, listed, revoked."""

import json

from services.keys import parse_token
from tests.services.cli.conftest import Run


def test_a_key_is_printed_once_and_listed_without_its_secret(puntual: Run) -> None:
    made = puntual("keys", "create", "--role", "viewer", "--name", "bi", "--expires-in", "90d")
    assert made.exit_code == 0, made.output
    token = made.stdout.strip()
    assert parse_token(token) is not None
    (listed,) = json.loads(puntual("keys", "list", "--json").stdout)
    assert (listed["role"], listed["name"], listed["state"]) == ("viewer", "bi", "works")
    assert token.rpartition("_")[2] not in puntual("keys", "list").stdout


def test_a_revoked_key_stays_on_record_and_is_revoked_once(puntual: Run) -> None:
    made = json.loads(puntual("keys", "create", "--role", "system", "--name", "core", "--json").stdout)
    assert puntual("keys", "revoke", made["id"]).exit_code == 0
    (listed,) = json.loads(puntual("keys", "list", "--json").stdout)
    assert listed["state"] == "revoked"
    again = puntual("keys", "revoke", made["id"])
    assert again.exit_code == 1
    assert "no key" in again.stderr


def test_bad_options_are_usage_errors(puntual: Run) -> None:
    assert puntual("keys", "create", "--role", "king", "--name", "x").exit_code == 2
    assert puntual("keys", "create", "--role", "admin", "--name", "two words").exit_code == 2
    assert puntual("keys", "create", "--role", "admin", "--name", "x", "--expires-in", "soon").exit_code == 2
    assert puntual("keys", "revoke", "x").exit_code == 2


def test_a_key_is_narrowed_to_scopes_that_its_role_has(puntual: Run) -> None:
    made = puntual("keys", "create", "--role", "operator", "--name", "pager", "--scope", "stops", "--json")
    assert json.loads(made.stdout)["scopes"] == ["stops"]
    wrong = puntual("keys", "create", "--role", "viewer", "--name", "x", "--scope", "stops")
    assert wrong.exit_code == 2
