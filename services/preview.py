"""The words of one step for one debtor, by every channel it may go by, and what they weigh."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from campaigns.definition import Step
from campaigns.enrolment import Enroller
from campaigns.forecast import Asker
from campaigns.person import Installment, Loan
from campaigns.planner import Content, choose_content, plan_installment
from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.told import Told, told
from services.consider import Deliver
from services.ids import uuid7
from services.running import CampaignVersion
from services.simulation.debtors import Debtor
from services.simulation.rig import Rig
from services.words import Rendered
from templates.parts import measure
from templates.problems import RenderProblem

_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


class PreviewProblem(Exception):
    """Why there is nothing to show; says what to do."""

    def __init__(self, message: Told) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Preview:
    """One channel's message, or why it can't be written."""

    campaign: str
    step: str
    loan_ref: str
    channel: Channel
    at: datetime
    template: str | None = None
    language: str | None = None
    variant: str | None = None
    content: RenderedMessage | None = None
    problem: Told | None = None

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        shown: dict[str, Any] = {
            "campaign": self.campaign,
            "step": self.step,
            "loan": self.loan_ref,
            "channel": self.channel.value,
            "at": self.at.isoformat(),
            "template": self.template,
            "language": self.language,
            "variant": self.variant,
            "problem": self.problem,
        }
        content = self.content
        if content is None:
            return shown
        more = {
            "text": content.text,
            "characters": _characters(content),
            "encoding": content.encoding.value if content.encoding else None,
            "parts": content.parts if content.channel is Channel.SMS else None,
            "subject": content.subject,
            "html": content.html,
            "content_id": content.content_id,
            "content_variables": content.content_variables or None,
            "voice": content.voice,
        }
        return {**shown, **{name: value for name, value in more.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which step to show, by which channel (None: each), and at which instant (None: when the step is due)."""

    step: str
    channel: Channel | None = None
    at: datetime | None = None


def preview(rig: Rig, debtor: Debtor, wanted: Wanted, now: datetime) -> list[Preview]:
    """The step's messages for every loan that the campaign could speak of; raises PreviewProblem."""
    shown: list[Preview] = []
    for version, step in _steps(rig, wanted.step):
        if step.task is not None:
            english = "step '{step}' is a task for people, it has no words"
            raise PreviewProblem(
                told(english, "el paso '{step}' es una tarea para personas, no dice nada", step=step.id)
            )
        for loan in debtor.person.loans.values():
            scene = _scene(rig, debtor, version, step, loan, wanted.at or now)
            at = wanted.at or _due_at(scene)
            scene = scene if at is None else replace(scene, local=at.astimezone(scene.asker.zone))
            content = scene.content()
            channels = content.channels if wanted.channel is None else (wanted.channel,)
            shown += [scene.shown(content, channel) for channel in channels]
    if not shown:
        english = "the debtor has no loan to write about: add one to the file"
        raise PreviewProblem(told(english, "el deudor no tiene un crédito del cual escribir: agregue uno al archivo"))
    return shown


def _steps(rig: Rig, step_id: str) -> list[tuple[CampaignVersion, Step]]:
    found = [(version, step) for version in rig.versions if (step := version.definition.step(step_id)) is not None]
    if not found:
        known = ", ".join(step.id for definition in rig.definitions for step in definition.steps)
        english, spanish = "there is no step '{step}'; there are {known}", "no hay un paso '{step}'; hay {known}"
        raise PreviewProblem(told(english, spanish, step=step_id, known=known))
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    """A step about one loan of one debtor at a local instant."""

    rig: Rig
    debtor: Debtor
    version: CampaignVersion
    step: Step
    loan: Loan
    installment: Installment | None
    asker: Asker
    local: datetime

    def content(self) -> Content:
        """What the step sends to this debtor."""
        person, speakers = self.debtor.person, self.rig.engine.speakers
        enroller = Enroller(person, self.asker.zone, self.local, self.local.date(), list(speakers))
        facts = enroller.facts(self.loan, self.installment, self.version.segments)
        content = choose_content(self.version.definition, self.step, facts, debtor_ref=person.debtor_ref)
        if content is None:
            english = "no branch of 'choose' in step '{step}' matches this debtor: add one without 'when'"
            spanish = "ninguna rama de 'choose' del paso '{step}' es para este deudor: agregue una sin 'when'"
            raise PreviewProblem(told(english, spanish, step=self.step.id))
        return content

    def shown(self, content: Content, channel: Channel) -> Preview:
        """The message by one channel, or why there is none."""
        definition = self.version.definition
        common = (definition.campaign, self.step.id, self.loan.loan_ref, channel, self.local)
        language = self.debtor.person.language or definition.language
        if self.version.templates.find(content.template, channel, language, definition.language) is None:
            path = f"{language}/{content.template}.{channel.value}.j2"
            english = "there is no sound template for it; see {path}"
            problem = told(english, "no hay una plantilla sana para esto; vea {path}", path=path)
            return Preview(*common, content.template, problem=problem)
        try:
            rendered = self._rendered(content, channel)
        except RenderProblem as error:
            return Preview(*common, content.template, problem=error.told)
        template = rendered.template
        return Preview(*common, template.name, template.language, rendered.variant, rendered.content)

    def _rendered(self, content: Content, channel: Channel) -> Rendered:
        decision = self.asker.decide(channel, self.local)
        return self.rig.engine.speaking.words.render(
            deliver=Deliver(channel, "", content, self.step, decision, self.local),
            version=self.version,
            person=self.debtor.person,
            personal=self.debtor.personal,
            loan=self.loan,
            installment=self.installment,
            message_id=uuid7(),
            now=self.local,
            today=self.local.date(),
        )


def _scene(rig: Rig, debtor: Debtor, version: CampaignVersion, step: Step, loan: Loan, at: datetime) -> _Scene:
    """The newest installment of the loan counts; a step that is not counted from it is shown at `at`."""
    definition = version.definition
    speaker = rig.engine.speakers[definition.creditor]
    asker = Asker(rig.engine.policy, debtor.person, loan, speaker, definition.purpose, at)
    installment = max(loan.installments.values(), key=lambda each: each.due_date, default=None)
    return _Scene(rig, debtor, version, step, loan, installment, asker, at.astimezone(asker.zone))


def _due_at(scene: _Scene) -> datetime | None:
    """The first instant that the step's own times name, be it past; None for a step that an event starts."""
    if scene.installment is None or scene.step.at is None:
        return None
    definition, due_date = scene.version.definition, scene.installment.due_date
    planned = plan_installment(definition, due_date=due_date, zone=scene.asker.zone, now=_LONG_AGO)
    return next((each.earliest for each in planned if each.step_id == scene.step.id), None)


def _characters(content: RenderedMessage) -> int:
    """How many characters count: in an SMS some take two places."""
    return measure(content.text).characters if content.channel is Channel.SMS else len(content.text)
