"""Health and metrics, as everywhere."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Readiness = Callable[[], Awaitable[dict[str, str]]]


def health_router(readiness: Readiness) -> APIRouter:
    """`readiness` gives what is not ready yet and why; empty when all roles can work."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        """Every role of this process can work; else 503 with what is missing."""
        missing = await readiness()
        status = {"status": "ready"} if not missing else {"status": "not ready", "missing": missing}
        return JSONResponse(status, status_code=503 if missing else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics of this process."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
