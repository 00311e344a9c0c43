"""The page of the login: one form in Spanish or English, plain HTML, no code but a line that tells the time zone."""

from html import escape

from services.console.words import Words
from services.explanation_words import Language

say = Words(
    {
        "title": ("Entrar", "Log in"),
        "lead": ("Avisos de pago, a tiempo y conforme a la ley.", "Payment reminders, on time and lawful."),
        "name": ("Usuario", "User name"),
        "password": ("Contraseña", "Password"),
        "enter": ("Entrar", "Log in"),
        "wrong": (
            "El usuario o la contraseña no son correctos.",
            "The user name or the password is not right.",
        ),
        "locked": (
            "Demasiados intentos. Intente de nuevo en {minutes} min.",
            "Too many attempts. Try again in {minutes} min.",
        ),
        "away": (
            "La base de datos no responde. Intente de nuevo en un momento.",
            "The database does not answer. Try again in a moment.",
        ),
        "foreign": (
            "La solicitud no vino de esta página. Intente de nuevo.",
            "The request did not come from this page. Try again.",
        ),
    }
)


def login_page(language: Language, *, problem: str = "", name: str = "") -> str:
    """The whole document; `problem` is a sentence that was said of the last try."""
    alert = f'<p class="p-notice p-bad" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="problem" aria-invalid="true"' if problem else ""
    focus = ("", " autofocus") if name else (" autofocus", "")
    return f"""<!doctype html>
<html lang="{language.value}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{say(language, "title")} · Puntual</title>
<link rel="icon" href="/console/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/assets/console.css">
<script src="/console/assets/zone.js" defer></script>
</head>
<body class="p-login">
<main>
<h1>Puntual</h1>
<p class="p-hint">{say(language, "lead")}</p>
{alert}
<form method="post" action="/console/login">
<label for="name">{say(language, "name")}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required
 maxlength="64" value="{escape(name)}"{described}{focus[0]}>
<label for="password">{say(language, "password")}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"{described}{focus[1]}>
<input id="zone" name="zone" type="hidden" value="">
<button type="submit">{say(language, "enter")}</button>
</form>
</main>
</body>
</html>
"""
