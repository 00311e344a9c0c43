"""Names in addresses and queries: any text that PostgreSQL can hold, which is any without the character NUL."""

from typing import Annotated

from fastapi import Path

NAMED = r"^[^\x00]*$"
Campaign = Annotated[str, Path(description="the campaign's name", pattern=NAMED)]
