"""Words that bring replies to one spelling, and the words that carry no meaning of their own."""

from campaigns.replies.phrases import word_set

STOP_SIGNS = ("🛑", "⛔", "🚫", "📵", "🔕")
ACKNOWLEDGING_SIGNS = frozenset("👍👌🙏🙌👏🤝✅✔☑😊🙂😀😃😄😁😉🤗🥰😍❤♥💚💙💛🫡🌹🌞☺️\u200d\ufe0f🏻🏼🏽🏾🏿 ")

CONFUSABLES = str.maketrans("АВСЕНКМОРТХЅІЈасеорхѕіј", "ABCEHKMOPTXSIJaceopxsij")
LEET = str.maketrans("0134", "oiea")

# Verbs whose accented past ("pagué", "pagó") differs from another form by the accent alone.
PAST_STEMS = {
    **dict.fromkeys(("pagu", "pag"), "pag"),
    **dict.fromkeys(("realic", "realiz"), "realiz"),
    **{
        stem: stem
        for stem in ("deposit", "liquid", "abon", "cancel", "consign", "sald", "mand", "envi", "efectu", "gir")
    },
}

ABBREVIATIONS = {
    "q": "que", "k": "que", "qe": "que", "ke": "que", "xq": "porque", "pq": "porque", "porq": "porque",
    "porke": "porque", "xke": "porque", "xk": "porque", "xfa": "porfavor", "xfavor": "porfavor",
    "porfa": "porfavor", "porfis": "porfavor", "pf": "porfavor", "pfv": "porfavor", "pfvr": "porfavor",
    "plis": "please", "pls": "please", "plz": "please", "msj": "mensaje", "msjs": "mensajes", "mjs": "mensajes",
    "mns": "mensajes", "msjes": "mensajes", "mensajito": "mensaje", "mensajitos": "mensajes", "msg": "mensaje",
    "msgs": "mensajes", "mensages": "mensajes", "mensage": "mensaje", "menssagem": "mensagem", "n": "nao",
    "naum": "nao", "d": "de", "cn": "con", "pa": "para", "x": "por", "p": "para", "hj": "hoje", "amnh": "amanha",
    "mnn": "manana", "mnna": "manana", "mnana": "manana", "manaa": "manana", "mna": "manana",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow",
    "tommorrow": "tomorrow", "vc": "voce", "vcs": "voces", "u": "you", "ur": "your", "txt": "text",
    "txting": "texting", "msging": "messaging", "kedo": "quedo", "kiero": "quiero", "qiero": "quiero",
    "ekivocado": "equivocado", "equibocado": "equivocado", "toy": "estoy", "ta": "esta", "num": "numero",
    "biernes": "viernes", "vierns": "viernes", "viernez": "viernes", "juebes": "jueves", "juevez": "jueves",
    "martez": "martes", "lunez": "lunes", "savado": "sabado", "miercole": "miercoles", "miercolez": "miercoles",
    "frday": "friday", "firday": "friday", "wensday": "wednesday", "wednsday": "wednesday", "tusday": "tuesday",
    "satruday": "saturday", "dpositar": "depositar", "depocito": "deposito", "depocitar": "depositar",
    "depocite": "deposite", "aser": "hacer", "oy": "hoy", "orita": "ahorita",
    "horita": "ahorita", "wasap": "whatsapp", "wpp": "whatsapp", "wats": "whatsapp", "whats": "whatsapp",
    "zap": "whatsapp", "tbm": "tambem", "obg": "obrigado", "vlw": "valeu", "blz": "beleza", "thx": "thanks",
    "ty": "thanks", "tks": "thanks", "grax": "gracias", "grcs": "gracias", "gcias": "gracias", "salu2": "saludos",
    "dlls": "dolares", "dls": "dolares", "diciemre": "diciembre", "disiembre": "diciembre", "payed": "paid",
    "nesesito": "necesito", "necesto": "necesito", "aki": "aqui", "aqi": "aqui", "tngo": "tengo", "qro": "quiero",
    "cuant": "cuanto", "kuanto": "cuanto", "qto": "quanto", "qnt": "quanto", "dnd": "donde",
    "aonde": "onde", "gonna": "going to", "gunna": "going to", "wanna": "want to",
    "cannot": "cant", "tdo": "todo", "bn": "bien", "tranqilo": "tranquilo",
}  # fmt: skip
TWO_WORDS = frozenset(word for word in ABBREVIATIONS.values() if " " in word)

POLITE = word_set(
    """
    hola buenas buenos buen dia dias tardes noches tarde noche por favor porfavor please gracias muchas
    thanks thank you ya now right senor senora senorita senores sr sra srta amigo joven disculpe disculpa
    perdon oye oiga oi ola bom boa obrigado obrigada muito favor hi hello hey dear sir madam kindly just
    pues si sim yes ok hoje de una vez inmediatamente immediately agora mismo amable sea tan
    """
)

ACKNOWLEDGEMENTS = word_set(
    """
    ok okay okey oki okis okas oka vale va sale gracias enterado enterada recibido recibida entendido
    entendida perfecto perfect listo claro acuerdo hola buenos buenas saludos bendiciones igualmente amen
    excelente genial super orale sip thanks thank got noted fine cool alright understood received hi hello
    obrigado obrigada brigado valeu beleza certo bom boa entendi ciente joia perfeito otimo oi ola bien
    bueno morning afternoon evening agradezco agradecido agradecida
    """
)
COURTESIES = word_set(
    """
    muchas mil muy amable amables dia dias tarde tardes noche noches de tudo muito esta you so much very
    great good it sure le lo los te ya senor senora senorita sr sra si sim yes por el la a o aviso
    informacion recordatorio mensaje avisar recordarme recordar pelo pela lembrete info for the reminder
    message your feliz linda bonita todo bem bien con gusto i pues buen joven amigo all right
    """
)
MARKERS = {
    "es": word_set(
        """
    el los las una y pero que con mi ya yo quiero puedo voy manana hoy viernes lunes martes miercoles jueves
    sabado domingo gracias cuanto donde cuando debo tengo soy estoy usted ustedes por favor porfavor
    mensajes numero equivocado deuda pagare pagado le les del es hasta si hola buenas buenos dias quincena
    pesos baja alto diciembre enero deposito mas no me nada manden envien esten mensaje fin dos mil
    quinientos ahorita luego cuenta credito trabajo dinero tambien
    """
    ),
    "pt": word_set(
        """
    o os um uma e mas que com meu minha eu nao vou quero posso amanha hoje sexta quinta quarta terca segunda
    feira obrigado obrigada quanto onde quando devo tenho sou estou voce voces mensagem mensagens divida
    pagarei paguei na da do dos em ate isso essa esse esta mais parcela boleto pix dezembro janeiro depois
    consigo reais sair pare parem faco fiz me ontem pelo pela ja nem receber
    """
    ),
    "en": word_set(
        """
    the i ill im you my is to pay paid stop text texting not dont cant will friday monday tuesday wednesday
    thursday saturday sunday tomorrow today on and but with payment money please wrong number who this how
    where when what have am are be of for next week lawyer owe debt call send in going thanks help
    """
    ),
}
DISTINCTIVE = {"es": "ñ¿¡", "pt": "ãõç", "en": ""}
