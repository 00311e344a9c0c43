"""The migrated database and the documented tables are the same thing."""

import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from schemas import tables
from tests.services.migrations.catalog import SHAPE, listing

METADATA = SQLModel.metadata
TABLES = METADATA.tables.values()
PARTITION = re.compile(r"(audit|callback|decision|receipt)_(\d{6}|other)")


async def test_alembic_sees_no_difference(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True, "include_object": not_a_partition}
        return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)

    engine = engine_of(database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_postgresql_sees_no_difference(database_url: str, empty_database_url: str) -> None:
    """Types, defaults, CHECKs, index predicates and storage too, of which Alembic compares little."""
    engine = engine_of(empty_database_url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await engine.dispose()
    migrated, declared = await listing(database_url, SHAPE), await listing(empty_database_url, SHAPE)
    assert sorted(migrated - declared) == []
    assert sorted(declared - migrated) == []
    assert len(migrated) > 300


async def test_exactly_the_append_only_and_guarded_tables_have_triggers(database_url: str) -> None:
    triggers = [line for line in await listing(database_url) if line.startswith("CREATE TRIGGER")]
    guarded = {line.partition(" ON public.")[2].split()[0] for line in triggers}
    append_only = {table.name for table in TABLES if table.info.get("append_only")}
    assert guarded == append_only | {table.name for table in TABLES if table.info.get("guarded")}
    for name in append_only:
        assert (
            f"CREATE TRIGGER {name}_append_only BEFORE DELETE OR UPDATE ON public.{name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ) in triggers


async def test_exactly_the_partitioned_tables_have_partitions_and_a_place_for_the_rest(database_url: str) -> None:
    partitions = [line for line in await listing(database_url) if line.startswith("partition ")]
    parents = {line.split(" of ")[1].split()[0] for line in partitions}
    assert parents == {table.name for table in TABLES if table.dialect_options["postgresql"]["partition_by"]}
    for parent in parents:
        of_parent = [line for line in partitions if f" of {parent} " in line]
        assert sum(line.endswith(" DEFAULT") for line in of_parent) == 1
        assert len(of_parent) > 24


def test_every_table_says_what_a_row_is() -> None:
    silent = [name for name in tables.__all__ if not (getattr(tables, name).__doc__ or "").startswith("A row is one ")]
    assert silent == []


def test_every_instant_knows_its_zone() -> None:
    naive = [
        str(column)
        for table in TABLES
        for column in table.columns
        if column.type.python_type.__name__ == "datetime" and not getattr(column.type, "timezone", False)
    ]
    assert naive == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_exported(table: Any) -> None:
    assert table.name in {getattr(tables, name).__tablename__ for name in tables.__all__}


def not_a_partition(_object: Any, name: str | None, kind: str, reflected: bool, _counterpart: Any) -> bool:
    """Partitions are rows of a calendar, not tables of the design."""
    return not (kind == "table" and reflected and name and (PARTITION.fullmatch(name) or name == "alembic_version"))


def engine_of(dsn: str) -> AsyncEngine:
    """An engine that keeps no connection."""
    return create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
