"""The evidence pack on paper, in Spanish: what was done, when, by which rule, and how to check it."""

import json
from pathlib import Path
from typing import Any

from fpdf import FPDF

_TITLE = "Expediente de contactos"
_KINDS = {
    "message": "Mensaje previsto",
    "attempt": "Intento de envío",
    "decision": "Decisión",
    "receipt": "Acuse del proveedor",
    "reply": "Respuesta del deudor",
    "consent": "Consentimiento",
    "suppression": "Baja o bloqueo",
    "suppression.lifted": "Bloqueo levantado",
    "hold": "Suspensión temporal",
    "hold.released": "Suspensión terminada",
    "task": "Tarea",
    "task.closed": "Tarea cerrada",
    "contact": "Contacto de otro sistema",
    "promise": "Promesa de pago",
    "payment": "Pago",
}
_WORDS = {
    "allow": "permitido",
    "defer": "aplazado",
    "deny": "denegado",
    "delivered": "entregado",
    "accepted": "aceptado por el proveedor",
    "unknown": "sin respuesta del proveedor",
    "suppressed": "no enviado",
    "cancelled": "cancelado",
    "expired": "vencido sin enviarse",
    "failed": "fallido",
    "granted": "otorgado",
    "denied": "negado",
    "withdrawn": "revocado",
}


def write_pdf(pack: dict[str, Any], path: Path) -> None:
    """Write a pack as a PDF; the signed JSON is what counts, this is for reading."""
    pdf = FPDF(format="letter")
    pdf.set_title(_TITLE)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.add_page()
    _head(pdf, pack)
    for number, entry in enumerate(pack["entries"], start=1):
        _entry(pdf, number, entry)
    pdf.output(str(path))


def _head(pdf: FPDF, pack: dict[str, Any]) -> None:
    head = pack["head"]
    pdf.set_font("Helvetica", "B", 16)
    _line(pdf, _TITLE, height=10)
    pdf.set_font("Helvetica", size=10)
    _line(pdf, f"Deudor (referencia): {head['debtorRef']}")
    _line(pdf, f"Periodo: {head['from'] or 'desde el inicio'} a {head['to'] or 'la fecha'}")
    _line(pdf, f"Elaborado: {head['madeAt']}    Registros: {head['entries']}")
    pdf.set_font("Courier", size=7)
    _line(pdf, f"Clave pública (Ed25519): {head['publicKey']}")
    _line(pdf, f"Firma: {pack['signature']}")
    _line(pdf, f"Último eslabón: {head['lastLink']}")
    pdf.set_font("Helvetica", "I", 8)
    _line(pdf, "Se comprueba con el archivo firmado: puntual evidence verify ARCHIVO. Los horarios están en UTC.")
    pdf.ln(3)


def _entry(pdf: FPDF, number: int, entry: dict[str, Any]) -> None:
    pdf.set_font("Helvetica", "B", 9)
    _line(pdf, f"{number}. {entry['at'][:19]}Z  {_KINDS.get(entry['kind'], entry['kind'])}")
    pdf.set_font("Helvetica", size=8)
    _line(pdf, _said(entry["data"]))
    pdf.set_font("Courier", size=6)
    _line(pdf, f"{entry['ref']}  {entry['link']}")


def _said(data: dict[str, Any]) -> str:
    parts = []
    for name, value in data.items():
        if value is None or value == []:
            continue
        shown = _WORDS.get(value, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        parts.append(f"{name}: {shown}")
    return "; ".join(parts)


def _line(pdf: FPDF, text: str, *, height: float = 4.5) -> None:
    """One paragraph; characters that the built-in fonts lack become a question mark."""
    printable = text.encode("latin-1", "replace").decode("latin-1")
    pdf.multi_cell(0, height, printable, new_x="LMARGIN", new_y="NEXT")
