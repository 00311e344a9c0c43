"""The lenders we speak for, from the creditors file; every loan and every message names one."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.enums import Collector, CreditorType
from services.yaml_document import read_document

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError("not an international number; write it as +525550000000")
    return text


def _mailbox(text: str) -> str:
    if not _MAILBOX.fullmatch(text):
        raise ValueError("not a mailbox; write it as atencion@financiera.example")
    return text


def _web_address(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("not a web address; write it as https://pagos.financiera.example")
    return text


Word = Annotated[str, Field(min_length=1, max_length=200)]


Long = Annotated[str, Field(min_length=1, max_length=400)]


class CallProof(StrEnum):
    """Four digits by which somebody on the phone shows that they are the debtor."""

    DOCUMENT = "document"
    BIRTH_YEAR = "birth_year"


class Agency(BaseModel):
    """Who collects for a creditor: what the law wants an agency's messages to say of it; all but the name optional."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Word
    agent: Word | None = None
    """The person in charge, as the debtor may ask for them."""
    address: Long | None = None
    phone: Annotated[str, AfterValidator(_phone)] | None = None
    registration: Word | None = None
    hours: Word | None = None
    terms: Long | None = None
    """On what conditions the debt is settled."""


class Creditor(BaseModel):
    """One lender: its legal kind, which contact law it is under, and where its debtors reach and pay it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
    name: Word
    brand: Word | None = None
    """What calls say before the person is confirmed; `name` up to its first comma where nothing is given."""
    call_proof: CallProof | None = None
    """What a call asks for beside a yes, of those whose snapshot tells it."""
    type: CreditorType
    collector: Collector
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    phone: Annotated[str, AfterValidator(_phone)] | None = None
    email: Annotated[str, AfterValidator(_mailbox)] | None = None
    complaints: Word | None = None
    pay_at: Annotated[str, AfterValidator(_web_address)] | None = None
    address: Long | None = None
    registration: Word | None = None
    agency: Agency | None = None

    @model_validator(mode="after")
    def _an_agency_collects_for_another(self) -> "Creditor":
        if self.agency is not None and self.collector is not Collector.THIRD_PARTY:
            raise ValueError("an agency is named, so the collector is third_party")
        return self


class _CreditorsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    creditors: Annotated[list[Creditor], Field(min_length=1)]

    @model_validator(mode="after")
    def _refs_are_unique(self) -> "_CreditorsFile":
        refs = [creditor.ref for creditor in self.creditors]
        twice = sorted({ref for ref in refs if refs.count(ref) > 1})
        if twice:
            raise ValueError(f"two creditors have the ref {', '.join(twice)}; give each its own")
        return self


def load_creditors(path: Path) -> Mapping[str, Creditor]:
    """The creditors by ref, in the order of the file; raises DocumentProblem with file, line and column."""
    return {creditor.ref: creditor for creditor in read_document(path, _CreditorsFile).creditors}
