"""Numbered schema migrations (Alembic over asyncpg): bring up, take down, tell where we are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).resolve().parent.parent / "deploy" / "migrations"
_LOCK = 7268401215


def head() -> str:
    """The revision this code needs."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if revision is None:
        raise RuntimeError(f"no migrations in {MIGRATIONS}")
    return revision


async def upgrade(dsn: str, revision: str = "head") -> None:
    """Bring the schema up to `revision`; safe when several processes start at once."""
    await _run(dsn, lambda config: command.upgrade(config, revision))


async def downgrade(dsn: str, revision: str) -> None:
    """Take the schema down to `revision` ("base": nothing left)."""
    await _run(dsn, lambda config: command.downgrade(config, revision))


async def current(dsn: str) -> str | None:
    """The revision the database is at, None where it has none."""
    engine = create_async_engine(_async_dsn(dsn), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    finally:
        await engine.dispose()


async def _run(dsn: str, step) -> None:  # type: ignore[no-untyped-def]
    engine = create_async_engine(_async_dsn(dsn), poolclass=NullPool)
    try:
        async with engine.connect() as guard:
            await guard.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
            async with engine.connect() as connection:
                await connection.run_sync(_apply, step)
                await connection.commit()
            await guard.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
    finally:
        await engine.dispose()


def _apply(connection: Connection, step) -> None:  # type: ignore[no-untyped-def]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    step(config)


def _async_dsn(dsn: str) -> str:
    scheme, _, rest = dsn.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise ValueError(f"PUNTUAL_DATABASE_URL must start with postgresql://, not {scheme}://")
    return f"postgresql+asyncpg://{rest}"
