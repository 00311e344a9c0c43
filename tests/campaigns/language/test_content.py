"""What a step sends to whom."""

import pytest

from campaigns.conditions import facts
from campaigns.planner import Content, choose_content
from schemas.enums import Channel
from tests.campaigns.language.samples import changed, sound
from tests.campaigns.language.test_parser import FULL

DEFINITION = sound(FULL)
AVISO, HOY, GRACIAS, VISITA = DEFINITION.steps
IN_A = facts(debtor={"segment": "A"})
IN_B = facts(debtor={"segment": "B"})


def test_a_plain_step_sends_its_template() -> None:
    content = choose_content(DEFINITION, AVISO, IN_A, debtor_ref="D-1")
    assert content == Content("aviso", (Channel.WHATSAPP, Channel.SMS), None)


def test_the_first_branch_that_matches_wins() -> None:
    assert choose_content(DEFINITION, HOY, IN_A, debtor_ref="D-1") == Content("formal", (Channel.EMAIL,), None)


@pytest.mark.parametrize("known", [IN_B, facts()], ids=["another segment", "unknown segment"])
def test_a_branch_that_does_not_match_gives_way(known: object) -> None:
    content = choose_content(DEFINITION, HOY, known, debtor_ref="D-1")  # type: ignore[arg-type]
    assert content is not None
    assert content.channels == (Channel.SMS,)
    assert content.template == content.variant


def test_both_variants_are_sent_to_someone() -> None:
    found = {choose_content(DEFINITION, HOY, IN_B, debtor_ref=f"D-{number}") for number in range(50)}
    assert {content.variant for content in found if content} == {"uno", "dos"}


def test_variants_stay_with_the_debtor_over_versions() -> None:
    newer = sound(changed("version: 3", "version: 4", FULL))
    for number in range(100):
        ref = f"D-{number}"
        old = choose_content(DEFINITION, HOY, IN_B, debtor_ref=ref)
        assert old == choose_content(newer, newer.steps[1], IN_B, debtor_ref=ref)


def test_no_branch_no_content() -> None:
    text = changed(
        "      - {channels: [sms], variants: [{template: uno, weight: 30}, {template: dos, weight: 70}]}\n", "", FULL
    )
    definition = sound(text)
    assert choose_content(definition, definition.steps[1], IN_B, debtor_ref="D-1") is None


def test_a_task_sends_nothing() -> None:
    assert choose_content(DEFINITION, VISITA, IN_A, debtor_ref="D-1") is None


def test_branches_without_channels_use_those_of_the_step() -> None:
    definition = sound(
        changed(
            "    on: payment.received\n    when: installment.number > 1\n    channels: [sms]\n    template: gracias\n",
            "    at: due_date\n    channels: [voice]\n    choose: [{template: x}]\n",
            FULL,
        )
    )
    assert choose_content(definition, definition.steps[2], IN_A, debtor_ref="D-1") == Content(
        "x", (Channel.VOICE,), None
    )
