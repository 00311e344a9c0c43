"""A schema as PostgreSQL itself describes it: one line a fact, so that two databases can be compared."""

import asyncpg

_TABLES = """
select 'table ' || c.relname || ' kind ' || c.relkind::text || ' options ' || coalesce(c.reloptions::text, '-')
    || ' partitioned ' || coalesce(pg_get_partkeydef(c.oid), '-')
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
"""
_COLUMNS = """
select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
    || ' identity ' || quote_literal(a.attidentity::text)
from pg_attribute a join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on (d.adrelid, d.adnum) = (c.oid, a.attnum)
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and a.attnum > 0 and not a.attisdropped
"""
_CONSTRAINTS = """
select 'constraint ' || c.relname || ' ' || pg_get_constraintdef(k.oid)
from pg_constraint k join pg_class c on c.oid = k.conrelid
where c.relnamespace = 'public'::regnamespace and not c.relispartition and k.contype <> 'n'
"""
_INDEXES = """
select pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'public'::regnamespace and not c.relispartition
"""
_PARTITIONS = """
select 'partition ' || inhrelid::regclass::text || ' of ' || inhparent::regclass::text || ' '
    || pg_get_expr(c.relpartbound, c.oid)
from pg_inherits join pg_class c on c.oid = inhrelid where c.relkind = 'r'
"""
_TRIGGERS = """
select pg_get_triggerdef(t.oid)
from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and not c.relispartition
"""
_FUNCTIONS = """
select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
"""
_VIEWS = """
select 'view ' || relname || ' ' || pg_get_viewdef(oid)
from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
"""
_STAMP = "alembic_version"

SHAPE = (_TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES)
"""What classes can declare."""

EVERYTHING = (*SHAPE, _PARTITIONS, _TRIGGERS, _FUNCTIONS, _VIEWS)


async def listing(dsn: str, queries: tuple[str, ...] = EVERYTHING) -> set[str]:
    """Every fact of the schema, without the note of which migration it is at."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = [row[0] for query in queries for row in await connection.fetch(query)]
    finally:
        await connection.close()
    return {row for row in rows if _STAMP not in row}
