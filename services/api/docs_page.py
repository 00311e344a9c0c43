"""`/docs`: the HTTP interface as one page that needs nothing from elsewhere, written from the OpenAPI document."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_STYLE = (
    "body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1b242c;background:#f4f6f7}"
    "main{max-width:60rem;margin:0 auto;padding:1.5rem}h1{color:#0b5d5a}h2{margin-top:2.5rem}"
    "details{background:#fff;border:1px solid #d5dbe0;border-radius:.5rem;margin:.5rem 0;padding:.5rem .9rem}"
    "summary{cursor:pointer}code,pre{font-family:ui-monospace,Menlo,monospace;font-size:.9rem;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;background:#eef1f3;padding:.7rem;border-radius:.4rem}b{color:#0b5d5a}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .9rem .2rem 0;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{color:#e6ebef;background:#11171b}details{background:#1a2228;"
    "border-color:#33404a}pre{background:#242e36}h1,b{color:#5cc5bd}a{color:#7cc4ee}}"
)
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    )
}
_METHODS = ("get", "post", "put", "patch", "delete")


def add_docs(app: FastAPI) -> None:
    """Serve the page."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The interface, for people."""
        return HTMLResponse(page(app.openapi()), headers=_HEADERS)


def page(document: Mapping[str, Any]) -> str:
    """The whole page of an OpenAPI document."""
    info = document["info"]
    groups: dict[str, list[str]] = {}
    for path, method, route in _routes(document):
        tag = str((route.get("tags") or ["other"])[0])
        groups.setdefault(tag, []).append(_route(document, path, method, route))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(routes)}" for tag, routes in groups.items())
    told = "".join(f"<p>{escape(part)}</p>" for part in str(info.get("description", "")).split("\n\n"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><title>{escape(info["title"])} {escape(info["version"])}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f'{told}<p><a href="/openapi.json">/openapi.json</a></p>{body}</main></body></html>'
    )


def _routes(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document.get("paths", {}).items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]


def _route(document: Mapping[str, Any], path: str, method: str, route: Mapping[str, Any]) -> str:
    """One route, folded: what it does, takes and answers."""
    summary = (
        f"<summary><b>{method.upper()}</b> <code>{escape(path)}</code> {escape(route.get('summary', ''))}</summary>"
    )
    parts = [f"<p>{escape(part)}</p>" for part in str(route.get("description", "")).split("\n\n") if part]
    if route.get("parameters"):
        parts.append(_table(("parameter", "in", "meaning"), [_parameter(each) for each in route["parameters"]]))
    for kind, content in route.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<h3>Body: {escape(kind)}</h3>{_schema(document, content.get('schema', {}))}")
    answers = [(status, answer.get("description", ""), _kinds(answer)) for status, answer in route["responses"].items()]
    parts.append(_table(("answer", "meaning", "as"), answers))
    for status, answer in route["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema and status.startswith("2"):
            parts.append(f"<h3>{escape(status)}</h3>{_schema(document, schema)}")
    return f"<details>{summary}{''.join(parts)}</details>"


def _parameter(each: Mapping[str, Any]) -> tuple[str, str, str]:
    name = each["name"] + ("" if each.get("required") else " (optional)")
    return name, each["in"], each.get("description") or each.get("schema", {}).get("description", "")


def _kinds(answer: Mapping[str, Any]) -> str:
    return ", ".join(answer.get("content", {}))


def _table(headings: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _schema(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A schema as JSON, with what it names one level deep."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    named = document.get("components", {}).get("schemas", {}).get(name, schema)
    return f"<pre>{escape(json.dumps(named, indent=2, ensure_ascii=False))}</pre>"
