"""The OpenAPI document, with the models of bodies that are read by hand."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from schemas.api import ConsentBody, HoldBody, StopBody, SuppressionBody
from schemas.campaign_api import ReviewBody, SimulationBody, SubmissionBody
from schemas.debtor_events import DebtorUpserted
from services.api.problems import ProblemDetails

_MODELS: tuple[type[BaseModel], ...] = (
    SubmissionBody,
    ReviewBody,
    SimulationBody,
    ConsentBody,
    HoldBody,
    StopBody,
    SuppressionBody,
    DebtorUpserted,
    ProblemDetails,
)
_INTERNAL = "$time"
_FROM_ADDRESS = "debtorRef"


def complete(app: FastAPI) -> None:
    """Make the document say all that routes take and answer."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for model in _MODELS:
                schemas.update(_schemas(model))
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    """A model's schema and those it refers to, by name."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    named: dict[str, Any] = schema.pop("$defs", {})
    if model is DebtorUpserted:
        schema["properties"].pop(_INTERNAL, None)
        schema["properties"].pop(_FROM_ADDRESS)
        schema["required"] = [name for name in schema["required"] if name != _FROM_ADDRESS]
    return {**named, model.__name__: schema}
