"""What a call says in its own words, in Spanish, Portuguese and English; the words about a debt are the template's.

Up to the confirmation there is no word of a debt, an amount, a date or a product, and no name that tells of one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from channels.twiml import Speech, twiml
from services.calls.flow import Phrase
from services.creditors import Creditor
from templates import tags
from templates.spoken import spoken_date

_TELLING = re.compile(
    r"cobr|collect|recover|recuper|deuda|deudor|d[ií]vida|debt|credit|cr[eé]dit|prestam|pr[eé]stam|empr[eé]st"
    r"|loan|financ|banc|bank|moros|mora\b|pago|pagament|payment|hipotec|mortgage|lend|leas",
    re.IGNORECASE,
)
_SPEECHES: Mapping[str, Speech] = {
    "es": Speech("Polly.Mia-Neural", "es-MX"),
    "pt": Speech("Polly.Camila-Neural", "pt-BR"),
    "en": Speech("Polly.Joanna-Neural", "en-US"),
}
_KEYS: Mapping[str, str] = {
    "es": "Uno sí, dos no, nueve para no recibir llamadas.",
    "pt": "Um para sim, dois para não, nove para não receber ligações.",
    "en": "Press one for yes, two for no, nine to receive no more calls.",
}
_HELLO: Mapping[str, tuple[str, str, str]] = {
    "es": ("Hola, llamamos de {brand}.", "Hola.", "¿Hablo con {name}?"),
    "pt": ("Olá, ligamos da {brand}.", "Olá.", "Falo com {name}?"),
    "en": ("Hello, this is {brand} calling.", "Hello.", "Am I speaking with {name}?"),
}
_AGAIN: Mapping[str, str] = {
    "es": "Para escucharlo de nuevo, uno.",
    "pt": "Para ouvir de novo, um.",
    "en": "To hear it again, press one.",
}
_MENU: Mapping[str, str] = {
    "es": "Para decirnos qué día pagará, dos. Para hablar con una persona, tres.",
    "pt": "Para dizer em que dia vai pagar, dois. Para falar com uma pessoa, três.",
    "en": "To tell us on which day you will pay, two. To speak with a person, three.",
}
_LINK: Mapping[str, str] = {
    "es": "Para recibir por mensaje de texto la liga de pago, cuatro.",
    "pt": "Para receber por mensagem de texto o link de pagamento, quatro.",
    "en": "To get the link to pay by text message, four.",
}
_STOP: Mapping[str, str] = {
    "es": "Para no recibir más llamadas, nueve.",
    "pt": "Para não receber mais ligações, nove.",
    "en": "To receive no more calls, nine.",
}
_READ_BACK: Mapping[str, str] = {
    "es": "Entendimos el {day}. Si es correcto, uno. Para cambiarlo, dos.",
    "pt": "Entendemos {day}. Se estiver certo, um. Para mudar, dois.",
    "en": "We understood {day}. If that is right, press one. To change it, two.",
}
_PLAIN: Mapping[Phrase, Mapping[str, str]] = {
    Phrase.ASK_DOCUMENT: {
        "es": "Para confirmar que es usted, marque las últimas cuatro cifras de su documento de identidad.",
        "pt": "Para confirmar que é você, digite os últimos quatro números do seu documento de identidade.",
        "en": "To confirm that it is you, enter the last four digits of your identity document.",
    },
    Phrase.ASK_BIRTH_YEAR: {
        "es": "Para confirmar que es usted, marque las cuatro cifras de su año de nacimiento.",
        "pt": "Para confirmar que é você, digite os quatro números do seu ano de nascimento.",
        "en": "To confirm that it is you, enter the four digits of your year of birth.",
    },
    Phrase.NOT_PROVEN: {
        "es": "No pudimos confirmarlo. Disculpe la molestia. Hasta luego.",
        "pt": "Não foi possível confirmar. Desculpe o incômodo. Até logo.",
        "en": "We could not confirm it. We are sorry for the trouble. Goodbye.",
    },
    Phrase.GOODBYE: {"es": "Gracias. Hasta luego.", "pt": "Obrigado. Até logo.", "en": "Thank you. Goodbye."},
    Phrase.APOLOGY: {
        "es": "Disculpe la molestia. No volveremos a llamar a este número. Hasta luego.",
        "pt": "Desculpe o incômodo. Não ligaremos mais para este número. Até logo.",
        "en": "We are sorry for the trouble. We will not call this number again. Goodbye.",
    },
    Phrase.STOPPED: {
        "es": "Listo. No recibirá más llamadas nuestras. Hasta luego.",
        "pt": "Pronto. Você não receberá mais ligações nossas. Até logo.",
        "en": "Done. You will receive no more calls from us. Goodbye.",
    },
    Phrase.NOTHING_NOW: {
        "es": "Gracias. Por ahora no hay nada más que decirle. Hasta luego.",
        "pt": "Obrigado. Por enquanto não há mais nada a dizer. Até logo.",
        "en": "Thank you. There is nothing more to tell you for now. Goodbye.",
    },
    Phrase.NOT_UNDERSTOOD: {
        "es": "No le entendimos.",
        "pt": "Não entendemos.",
        "en": "We did not understand.",
    },
    Phrase.ASK_DAY: {
        "es": "Marque el día y el mes con dos cifras cada uno. Por ejemplo, para cinco de marzo: cero cinco cero tres.",
        "pt": "Digite o dia e o mês com dois números cada. Por exemplo, para cinco de março: zero cinco zero três.",
        "en": "Enter the day, then the month, with two digits each. For example, for the fifth of March: "
        "zero five zero three.",
    },
    Phrase.BAD_DAY: {
        "es": "Esa fecha no es posible.",
        "pt": "Essa data não é possível.",
        "en": "That date is not possible.",
    },
    Phrase.PROMISED: {
        "es": "Gracias. Anotamos esa fecha. Hasta luego.",
        "pt": "Obrigado. Anotamos essa data. Até logo.",
        "en": "Thank you. We have noted that date. Goodbye.",
    },
    Phrase.CONNECTING: {
        "es": "Le comunicamos con una persona.",
        "pt": "Vamos transferir para uma pessoa.",
        "en": "We are connecting you with a person.",
    },
    Phrase.WE_CALL_BACK: {
        "es": "Una persona le devolverá la llamada. Hasta luego.",
        "pt": "Uma pessoa ligará de volta. Até logo.",
        "en": "A person will call you back. Goodbye.",
    },
    Phrase.LINK_COMES: {
        "es": "Gracias. Le enviaremos la liga por mensaje de texto. Hasta luego.",
        "pt": "Obrigado. Enviaremos o link por mensagem de texto. Até logo.",
        "en": "Thank you. We will send you the link by text message. Goodbye.",
    },
}


@dataclass(frozen=True, slots=True)
class Prompts:
    """What phrases sound like to one person; `script` is the template's words, None where there are none.

    `link`: is a link to pay on offer.
    """

    language: str
    brand: str | None
    first_name: str
    script: str | None
    link: bool = False

    def say(self, phrase: Phrase, day: date | None = None) -> str:
        """A phrase in words; `day` is the one that is read back."""
        match phrase:
            case Phrase.GREETING:
                named, nameless, who = _HELLO[self.language]
                hello = named.format(brand=self.brand) if self.brand else nameless
                return f"{hello} {who.format(name=self.first_name)} {_KEYS[self.language]}"
            case Phrase.SCRIPT:
                return self.script or ""
            case Phrase.MENU:
                offered = [_AGAIN] if self.script else []
                offered += [_MENU, _LINK, _STOP] if self.link else [_MENU, _STOP]
                return " ".join(each[self.language] for each in offered)
            case Phrase.READ_BACK:
                said = spoken_date(day, self.language) if day else ""
                return _READ_BACK[self.language].format(day=said)
            case _:
                return _PLAIN[phrase][self.language]


def spoken_language(language: str) -> str:
    """The language of the prompts for a language tag; Spanish where there are none in it."""
    base = tags.base(tags.canonical(language) or "es")
    return base if base in _SPEECHES else "es"


def speech(language: str, voice: str | None) -> Speech:
    """The template's voice, else the usual one of the language."""
    usual = _SPEECHES[spoken_language(language)]
    return Speech(voice or usual.voice, usual.language)


def neutral_name(creditor: Creditor) -> str | None:
    """What the lender may be called before anyone is confirmed; None where every name it has tells its trade."""
    name = creditor.brand or creditor.name.partition(",")[0].strip()
    return None if _TELLING.search(name) else name


def farewell(number: str) -> str:
    """What a stranger hears who calls us, in the language of their number's country."""
    language = next((each for prefix, each in (("+55", "pt"), ("+1", "en")) if number.startswith(prefix)), "es")
    return twiml(_SPEECHES[language], [_PLAIN[Phrase.GOODBYE][language]], None)
