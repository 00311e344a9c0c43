"""What all outcome events share: closed field lists, so that personal data has no place to slip in."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from schemas.events_base import Count, Instant, Ref

# No space, "@" or "+": a name, an email address or a phone number in E.164 cannot pass for a token.
Token = Annotated[str, Field(strict=True, pattern=r"^[^\s@+\x00-\x1f\x7f-\x9f]{1,128}$")]
# A Message-ID has an "@" in it, so this one field takes it.
ProviderRef = Annotated[str, Field(strict=True, pattern=r"^[!-*,-~][!-~]{0,255}$")]
SourceId = Annotated[str, Field(strict=True, min_length=1, max_length=512)]
Confidence = Annotated[float, Field(ge=0, le=1)]


class OutcomePart(BaseModel):
    """A part of an outcome: immutable, snake_case inside, camelCase outside, nothing but what it lists."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=False,
        serialize_by_alias=True,
        extra="forbid",
        hide_input_in_errors=True,
    )


class Outcome(OutcomePart):
    """One fact to publish; `debtor_ref` is there whenever the debtor is known."""

    event_type: ClassVar[str]
    topic: ClassVar[str]
    about: ClassVar[tuple[str, str]]

    debtor_ref: Ref | None = None
    loan_ref: Ref | None = None
    installment_number: Count | None = None
    occurred_at: Instant

    @property
    def subject(self) -> str | None:
        """What the event is about, as a path like `message/<id>`; None where that is not known."""
        kind, name = self.about
        value = getattr(self, name)
        return None if value is None else f"{kind}/{value}"

    def data(self) -> dict[str, Any]:
        """The event's data as JSON values, without what is absent."""
        return self.model_dump(mode="json", exclude_none=True)
