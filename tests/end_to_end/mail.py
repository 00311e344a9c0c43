"""A world whose lender writes mail: a relay beside the simulated Twilio, and the pipe of its mail server."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from channels.simulators.smtp import SimulatedMail, SmtpSimulator
from tests.end_to_end.fixtures import a_world
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.process import COMMAND
from tests.end_to_end.world import SECRET, World

DEFINITIONS = Path(__file__).with_name("mail_definitions")
PROVIDERS = """
providers:
  - id: twilio-main
    type: twilio
    channels: [sms]
    base_url: {twilio}
    allow_custom_base_url: true
    account_sid: AC00000000000000000000000000000000
    auth_token: token-of-the-rehearsal
    senders: [{{channel: sms, address: "+525550000000", per_second: 500}}]
  - id: smtp-main
    type: smtp
    channels: [email]
    host: {host}
    port: {port}
    tls: none
    bounce_domain: rebotes.financiera.test
    unsubscribe_mailbox: bajas@financiera.test
    senders: [{{channel: email, address: "Financiera Demo <avisos@financiera.test>", per_second: 500}}]
"""


class MailWorld:
    """A running world and its relay."""

    def __init__(self, world: World, relay: SmtpSimulator, environment: dict[str, str]) -> None:
        self.world = world
        self.relay = relay
        self._environment = environment

    def mails(self, debtor: Debtor) -> list[SimulatedMail]:
        """What the relay took for this person."""
        return [mail for mail in self.relay.messages if mail.recipient == debtor.email]

    async def the_mail(self, debtor: Debtor) -> tuple[SimulatedMail, EmailMessage]:
        """Wait for the one mail to this person."""
        await self.world.until(lambda: self.mails(debtor), f"a mail to {debtor.ref}")
        (taken,) = self.mails(debtor)
        message = message_from_bytes(taken.content, policy=default)
        assert isinstance(message, EmailMessage)
        return taken, message

    async def receive(self, content: bytes, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
        """Hand a mail to `puntual mail receive`, as a mail server's pipe does."""
        settings = {"now": self.world.clock.now().isoformat(), **settings}
        given = {f"PUNTUAL_{name.upper()}": value for name, value in settings.items()}
        return await asyncio.to_thread(
            subprocess.run,
            [str(COMMAND), "mail", "receive", *arguments],
            input=content,
            env={**self._environment, **given},
            capture_output=True,
            timeout=60,
        )


@asynccontextmanager
async def mail_world(folder: Path, server: str, template: str) -> AsyncIterator[MailWorld]:
    """A started world that writes mail; `server` and `template` as for any world."""
    providers, data = folder / "providers-with-mail.yaml", str(folder / "data")
    async with (
        SmtpSimulator() as relay,
        a_world(
            folder / "world", server, template, definitions=DEFINITIONS, providers_file=str(providers), data_dir=data
        ) as world,
    ):
        providers.write_text(PROVIDERS.format(twilio=world.provider.url, host=relay.host, port=relay.port))
        await world.start(public_url=world.serve.url)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PUNTUAL_DATABASE_URL": world.dsn,
            "PUNTUAL_PROVIDERS_FILE": str(providers),
            "PUNTUAL_DATA_DIR": data,
            "PUNTUAL_SECRET_KEY": SECRET,
        }
        yield MailWorld(world, relay, environment)
