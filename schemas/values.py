"""Values that are made by the thousand a second."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(made: type[T]) -> type[T]:
    """A slotted dataclass that the type checker holds frozen; one that is frozen takes three times as long to make."""
    return dataclass(slots=True, unsafe_hash=True)(made)
