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
    assert [list(each.roles) for each in workers_of([Role.UPKEEP, Role.RELAY], 2, 8080)] == [
        [Role.UPKEEP, Role.RELAY],
        [Role.RELAY],
    ]


def test_the_api_without_the_console_is_shared_at_one_port_and_each_has_its_own_beside_it() -> None:
    workers = workers_of([Role.API, Role.UPKEEP], 3, 8080)
    assert [list(each.roles) for each in workers] == [[Role.API, Role.UPKEEP], [Role.API], [Role.API]]
    assert [each.port for each in workers] == [8083, 8081, 8082]


@pytest.mark.parametrize(
    ("roles", "port", "said"),
    [
        ([Role.UPKEEP], 8080, "none of the roles"),
        ([Role.API, Role.CONSOLE], 8080, "none of the roles"),
        ([Role.RELAY], 65535, "ports"),
        ([Role.API], 65534, "ports"),
    ],
)
def test_what_cannot_be_is_refused(roles: list[Role], port: int, said: str) -> None:
    with pytest.raises(ServeProblem, match=said):
        workers_of(roles, 2, port)
