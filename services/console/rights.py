"""What each role may do in the console; pages and actions ask for a right, never for a role."""

from enum import StrEnum

from services.keys import KeyRole


class Right(StrEnum):
    """One thing a user may do."""

    READ = "read"
    FIND = "find people by number or mailbox"
    UNMASK = "unmask a person"
    DECIDE = "decide what became of a message"
    TASKS = "close tasks"
    STOPS = "stop and start sending"
    REPLAY = "replay dead letters"
    AUTHOR = "submit campaigns"
    APPROVE = "approve campaigns"
    STEER = "pause, resume and retire campaigns"
    AUDIT = "read the audit log"
    USERS = "manage users and keys"


RIGHTS: dict[KeyRole, frozenset[Right]] = {
    KeyRole.VIEWER: frozenset({Right.READ}),
    KeyRole.OPERATOR: frozenset(
        {
            Right.READ,
            Right.FIND,
            Right.UNMASK,
            Right.DECIDE,
            Right.TASKS,
            Right.STOPS,
            Right.REPLAY,
        }
    ),
    KeyRole.AUTHOR: frozenset({Right.READ, Right.AUTHOR}),
    KeyRole.APPROVER: frozenset({Right.READ, Right.APPROVE, Right.STEER}),
    KeyRole.SYSTEM: frozenset(),
    KeyRole.ADMIN: frozenset(Right),
}
