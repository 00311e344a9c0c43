"""What stands in the place of every page while the database is away; it asks again by itself."""

from html import escape

from services.console.words import COMMON
from services.explanation_words import Language

AGAIN_SECONDS = 5


def away_page(language: Language) -> str:
    """The whole document."""
    told = escape(COMMON(language, "away"))
    return f"""<!DOCTYPE html>
<html lang="{language.value}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{AGAIN_SECONDS}">
<title>Puntual</title>
<link rel="stylesheet" href="/console/assets/console.css">
</head>
<body class="p-login">
<main>
<h1>Puntual</h1>
<p class="p-notice p-bad" role="alert">{told}</p>
</main>
</body>
</html>
"""
