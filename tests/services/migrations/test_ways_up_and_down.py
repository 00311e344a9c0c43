"""Migrations go up, down and up again to the same schema, in small numbered steps that never wait long for a lock."""

import ast
import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from services import migrations
from tests.services.migrations.catalog import listing

SCRIPTS = sorted((migrations.MIGRATIONS / "versions").glob("*.py"))
RELATIONS = """
select relname as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
"""
LOCK_LIMIT = re.compile(r"set local lock_timeout = '(\d+)s'")
LONGEST_WAIT_SECONDS = 10


async def test_down_to_nothing_and_up_again_is_the_same_schema(empty_database_url: str) -> None:
    before = await listing(empty_database_url)
    await migrations.upgrade(empty_database_url)
    first = await listing(empty_database_url)
    await migrations.downgrade(empty_database_url, "base")
    assert await listing(empty_database_url) == before
    await migrations.upgrade(empty_database_url)
    assert await listing(empty_database_url) == first


async def test_each_step_down_undoes_exactly_its_step_up(empty_database_url: str) -> None:
    seen = [("base", await listing(empty_database_url))]
    for script in SCRIPTS:
        await migrations.upgrade(empty_database_url, number_of(script))
        seen.append((number_of(script), await listing(empty_database_url)))
    seen.pop()
    for below, before in reversed(seen):
        await migrations.downgrade(empty_database_url, below)
        assert await listing(empty_database_url) == before, f"down to {below}"


async def test_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrations.upgrade(empty_database_url) for _ in range(4)))
    assert await migrations.current(empty_database_url) == migrations.head()


@pytest.mark.slow
async def test_a_migration_does_not_queue_behind_a_long_transaction(empty_database_url: str) -> None:
    """Waiting for a table's lock would stop everyone who comes later; it gives up, and nothing has changed."""
    await migrations.upgrade(empty_database_url)
    before = await listing(empty_database_url)
    writer = await asyncpg.connect(empty_database_url)
    try:
        async with writer.transaction():
            relations = [row["name"] for row in await writer.fetch(RELATIONS)]
            await writer.execute(f"lock table {', '.join(relations)} in row exclusive mode")
            with pytest.raises(Exception, match="lock timeout"):
                await migrations.downgrade(empty_database_url, "-1")
    finally:
        await writer.close()
    assert await listing(empty_database_url) == before


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number_of(script) for script in SCRIPTS] == [f"{number:04}" for number in range(1, len(SCRIPTS) + 1)]


def test_there_is_one_line_of_migrations_and_one_head() -> None:
    directory = ScriptDirectory(str(migrations.MIGRATIONS))
    assert directory.get_heads() == [number_of(SCRIPTS[-1])]
    assert directory.get_bases() == [number_of(SCRIPTS[0])]
    for script, below in zip(SCRIPTS[1:], SCRIPTS, strict=False):
        revision = directory.get_revision(number_of(script))
        assert revision is not None
        assert revision.down_revision == number_of(below)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_migration_can_be_undone_and_limits_its_wait(script: Path) -> None:
    functions = {
        node.name: ast.unparse(node)
        for node in ast.parse(script.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    for way in ("upgrade", "downgrade"):
        limit = LOCK_LIMIT.search(functions[way])
        assert limit, f"{way} sets no lock_timeout"
        assert int(limit[1]) <= LONGEST_WAIT_SECONDS
        assert "execute" in functions[way]


def number_of(script: Path) -> str:
    """0002 of 0002_idempotency.py; the file's name and the revision inside agree."""
    number = script.name.partition("_")[0]
    assert f'revision = "{number}"' in script.read_text("utf-8")
    return number
