"""Payment links: where one leads, who followed it, and what is told of that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaigns.person import Installment, Loan, Person
from campaigns.standing import Standing, standing
from schemas.money import Money
from services import sayings, telemetry, visits
from services.clock import Clock
from services.creditors import Creditor
from services.database import Database
from services.failpoints import failpoint
from services.ids import uuid7
from services.link_tokens import TOKEN, link_digest
from services.pay_page import Payable, is_web_page, payment_address, payment_page_key
from services.publisher import Publisher
from services.running import RunningCampaigns
from services.store import attempts, messages, outbox, people
from services.store import links as store
from services.store.links import ClickRow, FoundLink
from services.visits import Visit
from services.words import Words

PAGE_LIVES = timedelta(hours=24)
"""How long the payment page may trust what it was told; the link itself tells it anew."""
_MOST_VISITS = 50
_KEEP_ENDED = timedelta(days=90)
_PRUNED_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Onward:
    """A person may go on to this address."""

    address: str


@dataclass(frozen=True, slots=True)
class Nowhere:
    """There is nothing behind it, or nothing any more; `phone` is the lender's, where it is known which."""

    phone: str | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A machine had a look, and is shown nothing."""

    how: visits.Scanner
    phone: str | None


Followed = Onward | Nowhere | Looked


@dataclass(frozen=True, slots=True)
class Links:
    """Follows links; every visit is committed before anybody is sent on."""

    database: Database
    running: RunningCampaigns
    publisher: Publisher
    words: Words
    clock: Clock

    async def follow(self, token: str, visit: Visit) -> Followed:
        """Where a visitor may go; never anywhere but to the lender's own page."""
        if TOKEN.fullmatch(token) is None:
            return Nowhere(self._only_phone())
        digest = link_digest(token)
        followed = await self.database.insist(lambda c: self._follow(c, digest, visit), what="link")
        await failpoint("links.after_commit")
        telemetry.LINK_VISITS.labels(type(followed).__name__.lower()).inc()
        return followed

    async def _follow(self, connection: Any, digest: bytes, visit: Visit) -> Followed:
        now = self.clock.now()
        link = await store.find(connection, digest)
        if link is None:
            return Nowhere(self._only_phone())
        await people.lock_debtors(connection, [link.debtor_ref])
        creditor = await self._creditor(connection, link)
        address = await self._address(connection, link, creditor, now)
        phone = creditor.phone if creditor else None
        if address is None:
            return Nowhere(phone)
        how = visits.declared(visit)
        await self._note(connection, link, visit, how, now)
        await failpoint("links.before_commit")
        return Onward(address) if how is None else Looked(how, phone)

    async def _note(
        self, connection: Any, link: FoundLink, visit: Visit, how: visits.Scanner | None, now: datetime
    ) -> None:
        """Write the visit down, and tell of the first that is a person's; a flood on one link leaves no more rows."""
        persons, seen = await store.visits(connection, link.digest, most=_MOST_VISITS)
        if seen >= _MOST_VISITS:
            return
        origin = visits.origin(self.words.secret, visit, now)
        if how is None:
            others = await store.others_of_late(connection, link, origin, now - visits.BURST)
            how = visits.suspected(visit, handed_at=link.handed_at, now=now, links_of_late=others)
        reason = how.value if how is not None else None
        await store.keep_click(connection, ClickRow(uuid7(), link, reason, origin, now))
        if how is None and persons == 0:
            await self._tell(connection, link, now)

    async def _tell(self, connection: Any, link: FoundLink, now: datetime) -> None:
        message = (await messages.by_id(connection, [link.message_id]))[link.message_id]
        attempt = None
        if link.attempt_id is not None:
            attempt = (await attempts.by_id(connection, [link.attempt_id])).get(link.attempt_id)
        said = sayings.clicked(message, attempt, link_ref(link), now)
        await messages.update(connection, [message], now)
        await outbox.append(connection, self.publisher.rows([said], now), now)

    async def _address(self, connection: Any, link: FoundLink, creditor: Creditor | None, now: datetime) -> str | None:
        """The lender's page with what is due as known now; None where the link is over, or its person or loan gone."""
        if link.expires_at <= now or creditor is None:
            return None
        known, _ = await people.load(connection, debtor_refs=[link.debtor_ref], now=now, history_from=now)
        person = known.get(link.debtor_ref)
        loan = person.loans.get(link.loan_ref) if person else None
        if person is None or loan is None or _is_over(person):
            return None
        installment = loan.installments.get(link.installment_number)
        page = _page(installment, creditor)
        if page is None:
            return None
        payable = Payable(
            loan_ref=loan.loan_ref,
            installment=installment.number if installment else None,
            amount=_amount(loan, installment),
            link_ref=link_ref(link),
        )
        expires_at = min(link.expires_at, now + PAGE_LIVES)
        return payment_address(page, payable, key=payment_page_key(self.words.secret), expires_at=expires_at)

    async def _creditor(self, connection: Any, link: FoundLink) -> Creditor | None:
        definition = (await self.running.load(connection, link.version_id)).definition
        return self.words.creditors.get(definition.creditor)

    def _only_phone(self) -> str | None:
        """The lender's phone, where there is only one lender."""
        phones = {creditor.phone for creditor in self.words.creditors.values()}
        return phones.pop() if len(phones) == 1 else None


@dataclass(frozen=True, slots=True)
class LinkPruning:
    """Forgets links a while after they ended; the visits to them stay."""

    async def turn(self, connection: Any, now: datetime) -> bool:
        """Forget some; what is left waits for the next turn."""
        await store.prune(connection, before=now - _KEEP_ENDED, limit=_PRUNED_AT_ONCE)
        return False


def link_ref(link: FoundLink) -> str:
    """The link's public name, which does not lead anywhere."""
    return link.digest.hex()[:16]


def _is_over(person: Person) -> bool:
    return person.state == "erased"


def _page(installment: Installment | None, creditor: Creditor) -> str | None:
    """The page that the core named for this installment, else the lender's."""
    refs = installment.payment_refs if installment else []
    named = next((value for scheme, value in refs if scheme == "link"), None)
    return next((page for page in (named, creditor.pay_at) if page is not None and is_web_page(page)), None)


def _amount(loan: Loan, installment: Installment | None) -> Money | None:
    """What is due on it; nothing while that is in doubt."""
    if installment is None or standing(loan, installment) is not Standing.OPEN:
        return None
    return installment.amount
