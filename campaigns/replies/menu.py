"""The choices of the menu that replies are answered with, and what no answer should go to."""

import re
from enum import StrEnum

_NUMBER = re.compile(r"[\W_]*(?:opci[oó]n|op[cç][aã]o|option|n[uú]mero|number)?[\W_]*([1-5])[\W_]*", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"respuesta autom[aá]tica|mensaje autom[aá]tico|resposta autom[aá]tica|mensagem autom[aá]tica|auto-?\s?reply"
    r"|auto-?\s?response|automatic (?:reply|response|message)|automated (?:reply|response|message)"
    r"|fuera de (?:la )?oficina|fora do escrit[oó]rio|out of (?:the )?office|estoy de vacaciones|estou de f[eé]rias"
    r"|(?:estoy|voy) (?:manejando|conduciendo)|estou dirigindo|i(?:'|’)?m driving|i am driving"
    r"|este (?:n[uú]mero|buz[oó]n) no (?:recibe|acepta)|this (?:number|mailbox) (?:does not|doesn't|is not)"
    r"|do not reply to this|no responda a este|n[aã]o responda (?:a )?est[ae]"
    r"|gracias por (?:contactarnos|comunicarse con|escribir a)|thank you for (?:contacting|reaching out to)"
    r"|obrigad[oa] por (?:entrar em contato|contatar)|en breve (?:le|te) (?:atenderemos|responderemos)",
    re.IGNORECASE,
)
_LONGEST_CHOICE = 24


class Choice(StrEnum):
    """What the menu offers; the values are what pressing a button of that name would say."""

    BALANCE = "balance"
    PAYMENT_LINK = "payment_link"
    PROMISE = "help"
    AGENT = "agent"
    STOP = "stop"


_CHOICES = dict(zip("12345", Choice, strict=True))


def chosen(text: str) -> Choice | None:
    """The choice that a reply to a menu makes by its number, alone or as "opción 2"; None where it says more."""
    found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_CHOICE else None
    return _CHOICES[found[1]] if found else None


def is_automatic(text: str) -> bool:
    """Whether a machine seems to have written it: answering would make two machines talk."""
    return _AUTOMATIC.search(text[:2000]) is not None
