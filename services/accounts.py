"""Users of the console made, changed and kept out, and written down."""

import re
from datetime import datetime
from typing import Any

from services.auditing import Action, record
from services.ids import uuid7
from services.keys import KeyRole
from services.store import users

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
CONSOLE_ROLES = (KeyRole.VIEWER, KeyRole.OPERATOR, KeyRole.AUTHOR, KeyRole.APPROVER, KeyRole.ADMIN)


class AccountProblem(Exception):
    """Why a user can't be made or changed; says what to do."""


async def create(connection: Any, *, name: str, role: KeyRole, password_hash: str, by: str, now: datetime) -> None:
    """Make a user; raises AccountProblem."""
    if not NAME.fullmatch(name):
        raise AccountProblem("a name has 1 to 64 small letters, digits, dots, hyphens or underscores")
    if role not in CONSOLE_ROLES:
        raise AccountProblem(f"role {role} is for API keys; take one of {', '.join(CONSOLE_ROLES)}")
    if not await users.add(connection, uuid7(), name=name, role=role.value, password_hash=password_hash, now=now):
        raise AccountProblem(f"there is a user {name} already; choose another name")
    await _noted(connection, Action.USER_MADE, name, by, now, role=role.value)


async def disable(connection: Any, name: str, *, by: str, now: datetime) -> None:
    """Let a user in no more, and end what they have open; raises AccountProblem."""
    if not await users.disable(connection, name, now):
        raise AccountProblem(f"there is no user {name} who is let in; see `puntual users list`")
    await _noted(connection, Action.USER_DISABLED, name, by, now)


async def enable(connection: Any, name: str, *, by: str, now: datetime) -> None:
    """Let a user in again; raises AccountProblem."""
    if not await users.enable(connection, name):
        raise AccountProblem(f"there is no user {name} who is kept out; see `puntual users list`")
    await _noted(connection, Action.USER_CHANGED, name, by, now, changed="enabled")


async def set_role(connection: Any, name: str, role: KeyRole, *, by: str, now: datetime) -> None:
    """Give a user another role, and end what they have open; raises AccountProblem."""
    if role not in CONSOLE_ROLES or not await users.set_role(connection, name, role.value, now):
        raise AccountProblem(f"there is no user {name}, or no role {role} for the console")
    await _noted(connection, Action.USER_CHANGED, name, by, now, changed="role", role=role.value)


async def set_password(
    connection: Any, name: str, password_hash: str, *, by: str, now: datetime, keep: bytes | None = None
) -> None:
    """Give a user another password; their sessions end but that of the digest `keep`. Raises AccountProblem."""
    if not await users.set_password(connection, name, password_hash, now, keep=keep):
        raise AccountProblem(f"there is no user {name}; see `puntual users list`")
    await _noted(connection, Action.USER_CHANGED, name, by, now, changed="password")


async def _noted(connection: Any, action: Action, name: str, by: str, now: datetime, **details: str) -> None:
    await record(connection, actor=by, action=action, subject=f"user/{name}", details=details, now=now)
