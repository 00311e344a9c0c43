"""Every decision is kept with all it was made from, and can be told in Spanish and in English."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from campaigns.calendars import HOLIDAYS_VERSION
from campaigns.zones import TZDATA_VERSION
from services.explanation_words import Language
from services.explanations import Explainer
from services.store import decisions
from tests.services.engine.engine import Engine, definition, due, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
ANY_DAY = "  - {id: hoy, at: due_date, expires: 5d, channels: [sms], template: vence_hoy}"
SATURDAY_NIGHT = datetime(2026, 11, 29, 5, tzinfo=UTC)


async def test_a_kept_decision_names_rule_source_inputs_versions_and_the_next_permitted_instant(
    engine: MakeEngine,
) -> None:
    e = await engine(definition(ANY_DAY), now=SATURDAY_NIGHT)
    name, person = snapshot()
    person |= {"timezone": None, "region": "MX-YUC", "preferences": {"window": {"from": "10:00", "to": "20:00"}}}
    await e.happen_all([(name, person), due(on="2026-11-28")])
    async with e.database.transaction() as connection:
        await connection.execute("update message set due_at = $1", SATURDAY_NIGHT)
    assert await e.dispatch() == 0
    (row,) = await e.rows("select id from message")
    async with e.database.reading() as connection:
        (kept,) = await decisions.of_message(connection, row["id"])
    assert (kept.verdict, kept.not_before) == ("defer", datetime(2026, 11, 30, 16, tzinfo=UTC))
    assert {(reason["rule"], reason["basis"]) for reason in kept.reasons} == {
        ("mx-condusef-hours", "law"),
        ("mx-policy-hours", "policy"),
        ("preferred-window", "preference"),
    }
    assert all(reason["source"] for reason in kept.reasons)
    assert kept.packs == {
        "pack": "MX",
        "version": "2026.11.0",
        "tzdata": TZDATA_VERSION,
        "holidays": HOLIDAYS_VERSION,
    }
    assert kept.inputs == {
        "timezone": None,
        "region": "MX-YUC",
        "country": "MX",
        "contacts": 0,
        "consents": 0,
        "window": ["10:00:00", "20:00:00"],
        "numberZones": ["America/Mexico_City"],
    }
    for language, said in ((Language.ES, "está fuera del horario permitido"), (Language.EN, "permitted hours")):
        told = Explainer(language, ZoneInfo("America/Merida")).decision(kept)
        assert said in told
        assert "mx-condusef-hours" in told
        assert "10:00" in told
