"""A world whose lender calls."""

from pathlib import Path

from tests.end_to_end.world import ACCOUNT, SENDER, TOKEN, World

CALL_DEFINITIONS = Path(__file__).with_name("call_definitions")
CALLER = "+525550000002"
PROVIDERS = """
providers:
  - id: twilio-main
    type: twilio
    channels: [sms, voice]
    base_url: {url}
    allow_custom_base_url: true
    account_sid: {account}
    auth_token: {token}
    senders:
      - {{channel: sms, address: "{sender}", per_second: 500}}
      - {{channel: voice, address: "{caller}", per_second: 500}}
"""


def let_call(world: World, providers: Path) -> None:
    """Write the providers file of a world that calls, which must be told of it and is not yet started."""
    url = world.provider.url
    text = PROVIDERS.format(url=url, account=ACCOUNT, token=TOKEN, sender=SENDER, caller=CALLER)
    providers.write_text(text, "utf-8")
