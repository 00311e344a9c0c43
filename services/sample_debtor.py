"""A debtor who does not exist, for previews: a name, a number and an address that belong to nobody."""

from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers

from schemas.debtor_events import DebtorUpserted
from services.simulation.debtor_file import with_installments
from services.simulation.debtors import Debtor, debtor_from
from services.simulation.rig import Rig

_NAME = "María Ejemplo Prueba"
_USUAL_COUNTRY = "MX"


def sample_debtor(rig: Rig, *, creditor: str, product: str | None, language: str, now: datetime) -> Debtor:
    """The debtor, with one loan of a lender whose next installment falls due in a few days."""
    country = rig.engine.speakers[creditor].jurisdiction.partition("-")[0]
    snapshot = DebtorUpserted.model_validate(
        {
            "debtorRef": "EJEMPLO-1",
            "revision": 1,
            "displayName": _NAME,
            "language": language,
            "country": country,
            "contactPoints": [
                {"contactPointRef": "phone", "kind": "phone", "value": _phone(country), "phoneType": "mobile"},
                {"contactPointRef": "email", "kind": "email", "value": "maria@ejemplo.test"},
            ],
            "loans": [{"loanRef": "EJEMPLO-L1", "role": "borrower", "productCode": product, "creditorRef": creditor}],
        }
    )
    packs = rig.engine.policy.jurisdictions(country, None, None)
    today = now.astimezone(ZoneInfo(rig.engine.policy.home_zone(packs, None))).date()
    events, _ = with_installments([snapshot], today=today, currency=rig.currency)
    return debtor_from(events, now, home_country=country, number_zones=rig.number_zones)


def _phone(country: str) -> str:
    kind = phonenumbers.PhoneNumberType.MOBILE
    number = next(
        found
        for region in (country, _USUAL_COUNTRY)
        if (found := phonenumbers.example_number_for_type(region, kind)) is not None
    )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
