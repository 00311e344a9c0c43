"""The way of a mail, out and back, through the real parts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.fixtures import MakeWorld
from tests.end_to_end.mail import MailWorld, mail_world


@pytest.fixture
async def post(make_world: MakeWorld, tmp_path: Path) -> AsyncIterator[MailWorld]:
    """A running world that writes mail."""
    async with mail_world(make_world, tmp_path / "post") as made:
        yield made


async def test_a_due_event_becomes_one_mail(post: MailWorld) -> None:
    debtor = post.world.debtor()
    await post.world.tell(debtor.snapshot(), debtor.due())
    taken, message = await post.the_mail(debtor)
    await post.world.outcome(debtor, "message.accepted")
    print(taken.content.decode())
    print(taken.sender)
