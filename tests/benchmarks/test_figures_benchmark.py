"""The benchmark of figures runs to its end, on few messages."""

import pytest

from tests.benchmarks.figures import measure
from tests.end_to_end.fixtures import a_database


@pytest.mark.slow
async def test_everything_is_filled_counted_and_asked(
    postgres_dsn: str, template_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_database(postgres_dsn, template_database) as dsn:
        await measure(dsn, 2_000, 30)
    told = capsys.readouterr().out
    assert "2000 messages made" in told
    assert "message_figure: 0 rows" not in told
    assert told.splitlines()[-1].startswith("over 300 ms: ")
