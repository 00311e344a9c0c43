"""Names of days and months and the regular expressions of dates, on text whose words are each followed by one space."""

ES_WEEKDAYS = {"lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6,
               "lun": 0, "mie": 2, "jue": 3, "vie": 4, "sab": 5}  # fmt: skip
PT_WEEKDAYS = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "domingo": 6,
               "seg": 0, "qua": 2, "qui": 3, "sex": 4}  # fmt: skip
EN_WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
               "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}  # fmt: skip
# "segunda", "quinta" and the like are days in Portuguese, and anywhere before "feira".
SHARED_WEEKDAYS = ES_WEEKDAYS | EN_WEEKDAYS
WEEKDAYS = {"es": SHARED_WEEKDAYS, "en": SHARED_WEEKDAYS, "pt": SHARED_WEEKDAYS | PT_WEEKDAYS, None: SHARED_WEEKDAYS}

MONTHS = {
    "enero": 1, "ene": 1, "febrero": 2, "feb": 2, "marzo": 3, "mar": 3, "abril": 4, "abr": 4, "mayo": 5, "may": 5,
    "junio": 6, "jun": 6, "julio": 7, "jul": 7, "agosto": 8, "ago": 8, "septiembre": 9, "setiembre": 9, "sep": 9,
    "sept": 9, "set": 9, "octubre": 10, "oct": 10, "noviembre": 11, "nov": 11, "diciembre": 12, "dic": 12,
    "janeiro": 1, "jan": 1, "fevereiro": 2, "fev": 2, "marco": 3, "maio": 5, "mai": 5, "junho": 6, "julho": 7,
    "setembro": 9, "outubro": 10, "out": 10, "novembro": 11, "dezembro": 12, "dez": 12, "january": 1,
    "february": 2, "march": 3, "april": 4, "apr": 4, "june": 6, "july": 7, "august": 8, "aug": 8,
    "september": 9, "october": 10, "november": 11, "december": 12, "dec": 12,
}  # fmt: skip

MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
ORDINAL = r"(?:(?:th|st|nd|rd|ro|er|o|ero|avo|vo) )?"
OF = r"(?:(?:de|del|do|da|of|,|of the) )?"
NEXT = "proximo|proxima|siguiente|seguinte|next|otro|outro|entrante"
THIS = "este|esta|esse|essa|deste|desta|this|presente|neste|nesta|dessa|desse"
NEXT_AFTER = "que viene|que vem|que entra|proximo|proxima|entrante|siguiente|seguinte"
NEXT_WEEK = (
    "(?:de |en |da |na |of )?(?:la )?(?:proxima semana|semana que viene|semana que entra|otra "
    "semana|siguiente semana"
    "|semana que vem|next week|semana proxima)"
)
NEXT_MONTH = (
    "(?:de |del |do |en |no |of )?(?:el )?(?:proximo mes|mes que viene|mes que entra|otro mes|"
    "siguiente mes|mes que vem|mes entrante"
    "|mes proximo|outro mes|next month|mes siguiente)"
)
THIS_MONTH = (
    "(?:de |del |do |of )?(?:este mes|esse mes|deste mes|this month|the month|presente mes|mes "
    "presente|mes en curso|mes|presente"
    "|corriente|corrente|mes actual)"
)

CLOCK = (
    r"(?:a las|a la|as|at|tipo|around|about|sobre las|like|antes de las|by|las|pelas|before) "
    r"\d{1,2}(?::\d\d)? (?:(?:am|pm|hrs|hr|h|horas|hs|a m|p m|y media"
    r"|en punto|de la (?:tarde|noche|manana)|da (?:tarde|noite|manha)) )?(?!(?:de|del|of|do) (?:"
    + MONTH
    + r"|este|mes|proximo) )"
    r"|\d{1,2}(?::\d\d)? (?:am|pm|hrs|hr|h|hs|a m|p m) |\d{1,2}:\d\d (?:horas )?"
    r"|(?:por|en|de|a|x|durante|in|during) (?:la|the) (?:manana|morning|tarde|noche|noite|afternoon|evening) "
    r"|(?:pela|de|da|a) (?:manha|tarde|noite) |(?:de|por) noche "
)
PAST = (
    r"(?:antes de )?(?:ayer|anteayer|antier|anoche|ontem|anteontem|yesterday|last night|hace "
    r"(?:\d+|un|una|unos|unas) (?:dias?|semanas?|mes|meses|horas?|ratos?)"
    r"|ha \d+ dias|\d+ (?:days?|weeks?|hours?) ago|(?:la )?(?:semana|quincena|mes) (?:pasad[ao]|"
    r"anterior|passad[ao])|el mes pasado|mes passado"
    r"|last (?:week|month|year)|a (?:week|month|while) ago|this morning|la otra vez) "
)
VAGUE = (
    rf"(?:{NEXT_WEEK}|{NEXT_MONTH}|(?:esta|essa|this|toda|durante|en la|na|la) (?:semana|week)|"
    rf"este mes|esse mes|this month|fin de semana|finde|(?:next|this|the )?weekend"
    r"|final de semana|fim de semana|pronto|soon|luego|logo|despues|depois|later|some day|algun "
    r"dia|en unos dias|in a few days|en estos dias|estos dias|esses dias|in a month|en un mes"
    r"|em um mes|un dia de estos|principios? de mes|mediados? de mes|comeco do mes|inicio do mes) "
)
SAME_DAY = (
    r"(?:en |para |on )?(?:ese|ese mismo|el mismo|nesse|nesse mesmo|esse|esse mesmo|that|that same|"
    r"the same|ahi el mismo) (?:dia|day|mesmo dia) "
)
TODAY = (
    r"(?:hoy|hoje|today|tonight|ahorita|ahora|agora|right now|now|esta (?:noche|tarde|noite|"
    r"misma tarde|misma noche)|al rato|mas tarde|mais tarde|later today|en un rato|daqui a pouco|"
    r"this (?:afternoon|evening))"
    r"(?: (?:mismo|mesmo|mesma|misma|later|a la noche|de noche))? "
)
TOMORROW = r"(?:manana|amanha|tomorrow)(?: mismo| mesmo)? "
AFTER_TOMORROW = (
    r"(?:pasado manana|depois de amanha|(?:the )?day after tomorrow|despues de manana|pasado) (?!el |"
    r"la )"
)
IN_DAYS = (
    r"(?:en|dentro de|em|dentro|daqui a|daqui|de aqui a|in|within|a|para dentro de|antes de) "
    r"(?P<n>\d{1,3}|un|una|um|uma|a|one) (?P<unit>dias?|days?|semanas?|weeks?|dia habil|dias "
    r"habiles) "
    r"|(?P<n2>\d{1,3}) (?P<unit2>days?|weeks?) from (?:now|today) "
)
MONTH_END = (
    r"(?:a |al |en |no |at |by |para |ate o |el |o |hasta |the |to )*(?:fin|fines|final|finales|"
    r"fim|finais|ultimo dia|ultimo|end|cierre|last day|late) (?:(?:de|del|do|of|the|este|deste|"
    r"desse|este) )*"
    rf"(?:(?P<next>(?:el )?(?:{NEXT}) (?:mes|month)|mes (?:{NEXT_AFTER})|next month)|mes|month|"
    rf"este mes|this month|(?P<named>{MONTH})|(?P<year>ano|year)) |(?P<short>month end|months "
    rf"end) "
)
FORTNIGHT = rf"(?:(?P<next>{NEXT}) )?(?:quincena|quinzena)(?: (?P<after>{NEXT_AFTER}))? "
ISO = r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2}) "
NUMERIC = (
    r"(?:(?:el|dia|on|the|no|al|del|para|day) )*(?P<a>\d{1,2})[/-](?P<b>\d{1,2})(?:[/-](?P<y>\d{4}|"
    r"\d{2}))? |(?P<a2>\d{1,2})\.(?P<b2>\d{1,2})\.(?P<y2>\d{4}|\d{2}) "
)
DAY_MONTH = (
    rf"(?:dia |day )?(?P<d>\d{{1,3}}|primero|primeiro|uno|first) {ORDINAL}{OF}(?P<m>{MONTH}) "
    rf"(?:(?:de |del |of |, |do )?(?P<y>20\d\d) )?"
)
MONTH_DAY = rf"(?P<m>{MONTH}) (?:the )?(?P<d>\d{{1,3}}) {ORDINAL}(?:(?:, |of |de )?(?P<y>20\d\d) )?(?!\d)"
DAY = (
    r"(?:(?P<lead>el dia|el|the|on the|dia|al|del|ao|no dia|o dia|day|on|para el|al dia|no) "
    r"(?P<d>\d{1,2}|primero|primeiro|first) |(?P<bare>\d{1,2}) (?=(?:th|st|nd|rd) ))"
    rf"{ORDINAL}(?:(?P<next>{NEXT_MONTH})|{THIS_MONTH}\b)? ?(?!pesos|%|mil |dolares|dollars|"
    rf"reais|usd|mxn|soles|euros|k |por ciento|bucks|varos|lucas|pagos|cuotas|veces|dias|meses|"
    rf"anos|hrs|am |pm )"
)
