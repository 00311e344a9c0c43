"""Every rule of the language, with a text that breaks it and exactly what is said."""

import pytest

from tests.campaigns.language.samples import BASE, changed, faults, with_step, with_top

NUMBER = "must be a whole number from 1 to 999999999"
DURATION = "must be a duration such as 30m, 4h or 3d"

TOP = [
    ("audiense: {}", "7:1: unknown key 'audiense' in a definition: did you mean 'audience'?"),
    (
        "zzz: red",
        "7:1: unknown key 'zzz' in a definition: a definition knows campaign, version, description, owner, "
        "purpose, creditor, language, audience, holdout, limits, stop_on, priority, starts, ends, schedule, steps",
    ),
    ("version: 2", "7:1: duplicate key 'version': keep one of the two"),
    ("holdout: 100%", "7:10: 'holdout' must be a percentage below 100 such as 5%, not '100%'"),
    ("holdout: 5", "7:10: 'holdout' must be a percentage below 100 such as 5%, not '5'"),
    ("holdout: -1%", "7:10: 'holdout' must be a percentage below 100 such as 5%, not '-1%'"),
    ("limits: {max: 0, per: 7d}", f"7:15: 'max' {NUMBER}, not '0'"),
    ("limits: {max: 2, per: 1w}", f"7:23: 'per' {DURATION}, not '1w'"),
    ("limits: {max: 2}", "7:9: 'per' is missing in 'limits': add it"),
    ("limits: 2", "7:9: 'limits' must be a mapping of keys and values, not a number"),
    (
        "stop_on: [payed]",
        "7:11: 'stop_on' must be one of paid, promise, dispute, opt_out, hold, closed, "
        "not 'payed': did you mean 'paid'?",
    ),
    ("stop_on: [paid, paid]", "7:17: 'paid' stands twice in 'stop_on'"),
    ("stop_on: paid", "7:10: 'stop_on' must be a list, not text"),
    ("stop_on: []", "7:10: 'stop_on' must be a list, not an empty one"),
    ("starts: 2026-02-30", "7:9: 'starts' must be a date such as 2026-01-31, not '2026-02-30'"),
    ("starts: 2026-02-03\nends: 2026-02-02", "8:1: 'ends' is before 'starts'"),
    ("language: Spanish", "7:11: 'language' must be a language tag such as es or es-MX, not 'Spanish'"),
    ("description: 7", "7:14: 'description' must be text, not a number: put it in quotes"),
    ("description:", "7:1: 'description' is empty"),
    ("priority: debtor.segment", "7:11: a priority must be a number, and this is of type string"),
    ("priority: [1]", "7:11: 'priority' must be a condition, not a list"),
]


@pytest.mark.parametrize(("line", "expected"), TOP, ids=[line for line, _ in TOP])
def test_top_level(line: str, expected: str) -> None:
    assert faults(with_top(line)) == [expected]


CHANGES = [
    ("version: 1", "version: 0", f"2:10: 'version' {NUMBER}, not '0'"),
    ("version: 1", "version: 1.5", f"2:10: 'version' {NUMBER}, not '1.5'"),
    ("version: 1", 'version: "1"', f"2:10: 'version' {NUMBER}, not '1' in quotes"),
    ("version: 1", "version: true", f"2:10: 'version' {NUMBER}, not 'true'"),
    ("version: 1", "version: -3", f"2:10: 'version' {NUMBER}, not '-3'"),
    ("version: 1", "version: 99999999999999999999", f"2:10: 'version' {NUMBER}, not '99999999999999999999'"),
    ("version: 1\n", "", "1:1: 'version' is missing in a definition: add it"),
    (
        "campaign: prueba",
        "campaign: la prueba",
        "1:11: 'campaign' must be a name of letters, digits, '-', '_' and '.' (64 at most), not 'la prueba'",
    ),
    (
        "purpose: collections",
        "purpose: cobranza",
        "4:10: 'purpose' must be one of collections, service, marketing, not 'cobranza'",
    ),
    ("audience: {}", "audience: []", "6:11: 'audience' must be a mapping of keys and values, not a list"),
    ("audience: {}", "audience:", "6:1: 'audience' must be a mapping of keys and values, not empty"),
    ("audience: {}", "audience: {products: []}", "6:22: 'products' must be a list, not an empty one"),
    ("audience: {}", "audience: {products: [7]}", "6:23: 'products' must be text, not a number: put it in quotes"),
    (
        "audience: {}",
        "audience: {when: 1 > 2}",
        "6:18: this condition is never true, so the campaign is for nobody",
    ),
    ("due_date - 3d", "due_date - 3", "9:9: 'at' must be due_date, due_date - 3d or due_date + 1d, not 'due_date - 3'"),
    (
        "    at: due_date - 3d\n",
        "",
        "8:5: a step needs 'at' (such as due_date - 3d) or 'on' (such as payment.received)",
    ),
    ("  - id: aviso\n    at", "  - at", "8:5: 'id' is missing in a step: add it"),
    ("[sms, email]", "[sms, fax]", "10:21: 'channels' must be one of sms, whatsapp, email, voice, not 'fax'"),
    ("[sms, email]", "[sms, sms]", "10:21: 'sms' stands twice in 'channels'"),
    ("    channels: [sms, email]\n", "", "8:5: 'channels' is missing in a step with 'template': add it"),
    ("    template: aviso\n", "", "8:5: a step needs one of template, choose, variants, task"),
    (
        "template: aviso",
        "template: ../aviso",
        "11:15: 'template' must be a template's name: letters, digits, '-' and '_', not '../aviso'",
    ),
    ("template: aviso", "templte: aviso", "8:5: a step needs one of template, choose, variants, task"),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES, ids=[new or old for old, new, _ in CHANGES])
def test_changed_lines(old: str, new: str, expected: str) -> None:
    assert faults(changed(old, new))[0] == expected


STEPS = [
    ("on: payment.received", "12:5: a step has 'at' or 'on', not both"),
    (
        'between: "12:00-09:00"',
        "12:14: 'between' must be hours of one day such as \"09:00-12:00\", the first before the second, "
        "not '12:00-09:00'",
    ),
    ("expires: 0h", f"12:14: 'expires' {DURATION}, not '0h'"),
    ("expires: 24", f"12:14: 'expires' {DURATION}, not '24'"),
    ("expires: [4h]", f"12:14: 'expires' {DURATION}, and it is a list"),
    ("fallback: {after: 4h, unless: seen}", "12:35: 'unless' must be one of delivered, read, not 'seen'"),
    ("fallback: {unless: delivered}", "12:15: 'after' is missing in 'fallback': add it"),
    ("when: debtor.segment", "12:11: a condition must be true or false, and this is of type string"),
    (
        "when: debtor.segment == 'A' && debtor.segment == 'B'",
        "12:11: this condition is never true, so this step is never used",
    ),
    ("when: false", "12:11: this condition is never true, so this step is never used"),
    (
        "task: {type: field_visit}",
        "12:5: a step has one of template, choose, variants, task, and 'template' is there already",
    ),
    ("expire: 3h", "12:5: unknown key 'expire' in a step: did you mean 'expires'?"),
]


@pytest.mark.parametrize(("line", "expected"), STEPS, ids=[line for line, _ in STEPS])
def test_steps(line: str, expected: str) -> None:
    assert faults(with_step(line)) == [expected]


CONTENT = [
    (
        "template: x\nvariants: [{template: a, weight: 1}]",
        "12:5: a step has one of template, choose, variants, task, and 'template' is there already",
    ),
    ("variants: [{template: a, weight: 0}]", f"11:38: 'weight' {NUMBER}, not '0'"),
    ("variants: [{template: a, weight: 1.5}]", f"11:38: 'weight' {NUMBER}, not '1.5'"),
    ("variants: [{template: a}]", "11:16: 'weight' is missing in a variant: add it"),
    ("variants: []", "11:15: 'variants' must be a list, not an empty one"),
    ("task: {type: visit}", "10:5: remove 'channels': a task sends no message"),
    ("choose: [{template: a}, {template: b}]", "11:29: this branch is never used: the one on line 11 always matches"),
    (
        "choose:\n  - {when: true, template: a}\n  - {when: debtor.segment == 'A', template: b}",
        "13:9: this branch is never used: the one on line 12 always matches",
    ),
    (
        "choose:\n  - {when: debtor.segment == 'A', template: a}\n  - {when: debtor.segment == 'A', template: b}",
        "13:9: this branch is never used: the one on line 12 has the same condition",
    ),
    (
        "choose:\n  - {when: loan.days_past_due > 30, template: a}\n  - {when: loan.days_past_due > 60, template: b}",
        "13:9: this branch is never used: the ones before it, or its condition, leave nobody",
    ),
    ("choose: [{when: 1 == 2, template: a}]", "11:21: this condition is never true, so this branch is never used"),
    ("choose: [{when: debtor.segment == 'A'}]", "11:14: a branch of 'choose' needs 'template' or 'variants'"),
    (
        "choose: [{template: a, variants: [{template: b, weight: 1}]}]",
        "11:28: a branch has 'template' or 'variants', not both",
    ),
    (
        "choose: [{template: a, task: x}]",
        "11:28: unknown key 'task' in a branch of 'choose': "
        "a branch of 'choose' knows when, channels, template, variants",
    ),
]


@pytest.mark.parametrize(("content", "expected"), CONTENT, ids=[content for content, _ in CONTENT])
def test_content(content: str, expected: str) -> None:
    lines = "".join(f"    {line}\n" for line in content.splitlines())
    assert faults(changed("    template: aviso\n", lines))[0] == expected


def test_a_task_of_an_unknown_type() -> None:
    text = changed("    channels: [sms, email]\n    template: aviso\n", "    task: {type: visit, queue: s}\n")
    assert faults(text) == [
        "10:18: 'type' must be one of field_visit, call_back, complaint, pre_legal, not 'visit': "
        "did you mean 'field_visit'?"
    ]


def test_a_branch_without_any_channel() -> None:
    text = changed("    channels: [sms, email]\n    template: aviso\n", "    choose: [{template: a}]\n")
    assert faults(text) == ["10:14: 'channels' is missing in a branch of 'choose': add it"]


def test_a_fallback_with_one_channel() -> None:
    text = changed("[sms, email]", "[sms]", with_step("fallback: {after: 4h}"))
    assert faults(text) == ["12:5: 'fallback' needs two channels or more: add one or remove it"]


def test_the_same_step_id_twice() -> None:
    again = "  - {id: aviso, at: due_date, channels: [sms], template: aviso}\n"
    assert faults(BASE + again) == ["12:10: the step id 'aviso' is taken by the step on line 8"]


@pytest.mark.parametrize(
    "text",
    [
        with_step("fallback: {after: 4h, unless: read}"),
        changed("at: due_date - 3d", "on: promise.broken"),
        changed("    at: due_date - 3d\n", "", with_top('schedule: {cron: "0 10 1 * *"}')),
    ],
)
def test_follow_ups_broken_promises_and_calendars_are_part_of_the_language(text: str) -> None:
    assert faults(text) == []


def test_steps_of_a_schedule_have_no_day_of_their_own() -> None:
    assert "10:5: remove 'at': the steps of a schedule come when its cron does" in faults(
        with_top('schedule: {cron: "0 10 1 * *"}')
    )


def test_a_cron_that_never_comes() -> None:
    text = changed("    at: due_date - 3d\n", "", with_top('schedule: {cron: "0 10 31 2 *"}'))
    assert "7:18: cron: no month of this cron has such a day, so it never comes" in faults(text)


def test_all_faults_of_a_file_are_reported_in_its_order() -> None:
    text = changed("version: 1", "version: x", with_step("expires: y\nowner: z"))
    assert [fault.split(" ")[0] for fault in faults(text)] == ["2:10:", "12:14:", "13:5:"]
