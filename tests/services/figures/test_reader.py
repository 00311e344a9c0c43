"""The role for BI tools reads every documented view, and nothing else."""

import re

import asyncpg
import pytest

from services.settings import PROJECT_ROOT
from tests.services.migrations.rows import seed

SCRIPT = PROJECT_ROOT / "deploy" / "figures-reader.sql"
DOCUMENT = PROJECT_ROOT / "deploy" / "figures.md"
VIEW = re.compile(r"^\| `(figures_\w+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_COLUMNS = """
select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 order by attnum
"""


async def test_the_reader_reads_the_documented_columns_of_every_view_and_no_table(database_url: str) -> None:
    documented = {name: columns.split(", ") for name, columns in VIEW.findall(DOCUMENT.read_text("utf-8"))}
    owner = await asyncpg.connect(database_url)
    role = f"reader_{await owner.fetchval('select current_database()')}"
    await seed(owner)
    script = SCRIPT.read_text("utf-8").replace("puntual_reader", role).replace(":'password'", "'secret'")
    await owner.execute(script)
    try:
        views = await owner.fetch("select relname from pg_class where relkind = 'v' and relname like 'figures%'")
        assert {row["relname"] for row in views} == set(documented)
        for name, columns in documented.items():
            assert [row["attname"] for row in await owner.fetch(_COLUMNS, name)] == columns
        await owner.execute(f"set role {role}")
        for name in documented:
            await owner.fetch(f"select * from {name}")
        for table in ("debtor", "message", "message_figure", "reply", "audit"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.fetch(f"select * from {table}")
    finally:
        await owner.execute("reset role")
        await owner.execute(f"drop owned by {role}")
        await owner.execute(f"drop role {role}")
        await owner.close()
