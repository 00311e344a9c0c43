"""Who does what among the workers of one machine."""

import pytest

from services.serve import Role, ServeProblem
from services.workers import workers_of


def test_the_first_does_everything_and_the_others_what_can_be_shared() -> None:
    first, *others = workers_of(list(Role), 3, 8080)
    assert set(first.roles) == set(Role)
    assert [set(each.roles) for each in others] == [{Role.INGEST, Role.DISPATCH, Role.RELAY}] * 2
    assert [each.port for each in (first, *others)] == [8080, 8081, 8082]


def test_given_roles_are_kept() -> None:
    assert [list(each.roles) for each in workers_of([Role.API, Role.RELAY], 2, 8080)] == [
        [Role.API, Role.RELAY],
        [Role.RELAY],
    ]


@pytest.mark.parametrize(
    ("roles", "port", "said"), [([Role.API], 8080, "none of the roles"), ([Role.RELAY], 65535, "ports")]
)
def test_what_cannot_be_is_refused(roles: list[Role], port: int, said: str) -> None:
    with pytest.raises(ServeProblem, match=said):
        workers_of(roles, 2, port)
