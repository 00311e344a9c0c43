"""The files of a small deployment."""

import shutil
from pathlib import Path
from typing import Any

from services.settings import Settings

DEFINITION = """campaign: aviso
version: {version}
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience:
  products: [consumo]
limits: {{max: 2, per: 7d}}
stop_on: [paid, promise, dispute, opt_out, hold, closed]
priority: loan.total_outstanding
steps:
  - id: vence-hoy
    at: due_date
    between: "{between}"
    channels: [sms]
    template: vence_hoy
  - id: vencido
    at: due_date + 2d
    when: loan.days_past_due >= 1
    channels: [sms]
    template: vencido_1
"""
PROVIDERS = """providers:
  - id: twilio-main
    type: twilio
    channels: [sms]
    account_sid: AC00000000000000000000000000000000
    auth_token: token-of-the-test
    senders: [{channel: sms, address: "+525550000000", per_second: 1000}]
"""


class Deployment:
    """A folder of definitions and templates that tests may change."""

    def __init__(self, folder: Path, project: Path) -> None:
        self._folder = folder
        self._project = project
        self.templates = folder / "templates"
        for language in ("es",):
            shutil.copytree(project / "templates" / language, self.templates / language)
        self.definitions = folder / "definitions"
        self.definitions.mkdir()
        self.providers = folder / "providers.yaml"
        self.providers.write_text(PROVIDERS)

    def define(self, version: int = 1, between: str = "09:00-19:00", name: str = "aviso.yaml", **changes: str) -> Path:
        """Write the definition; `changes` replace texts of it."""
        text = DEFINITION.format(version=version, between=between)
        for old, new in changes.items():
            text = text.replace(old, new)
        path = self.definitions / name
        path.write_text(text, "utf-8")
        return path

    def settings(self, **given: Any) -> Settings:
        """Settings that name these files."""
        return Settings.load(
            **{
                "data_dir": self._folder / "data",
                "providers_file": self.providers,
                "campaigns_dir": self.definitions,
                "templates_dir": self.templates,
                **given,
            }
        )
