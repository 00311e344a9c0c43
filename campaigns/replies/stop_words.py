"""Whole messages, and clauses of longer ones, that say stop."""

from campaigns.replies.phrases import word_set

# Compared with the whole message, letters and digits only, polite words dropped.
NARROW_WORDS = word_set(
    """
    stop stp stpo sotp stopp estop stopit stopnow stopthis quit end revoke optout optmeout cancel unsubscribe
    remove unsub stoptext stoptxt alto baja vaja darmedebaja dardebaja demedebaja denmedebaja damedebaja debaja
    parar pare paren parenle detener detenganse detengase cancelar salir salirme basta fin eliminar remover
    revoco revocar nomas nomasmensajes noenviar noenviarmas noenvien nomeescriban noescribir desuscribir
    desuscribirme dejar dejen arret td bajaya altoya yabasta yaparen yaparenle nomande nomanden sair parem
    descadastrar descadastro descadastre suspender chega naoquero naoqueromais naoenviar naoenvie naomande
    cancelarinscricao cancela cancelen enough nomore quierobaja stopsign cease bajadefinitiva bajainmediata
    bajatotalinmediata removeme quitenme saquenme sacame quitame borrenme eliminenme eliminame elimineme saqueme
    quiteme metira mequiten mesaquen stopya yastop cancelarsuscripcion unsuscribe unsubcribe unsubsribe suspende
    suscripcionno bajaa sttop stopp
    """
)
WIDE_WORDS = word_set(
    """
    stopall stoptodo stoptudo altotodo nocontactar nomecontacten nomecontacte nocontacten nomolestar
    nomemolesten nomoleste nomolesten nomellamen nollamar nollamen naomeligue naoliguemais naoperturbe
    naoperturbar naomeperturbe dejenmeenpaz enpaz leavemealone donotcontact dnc donotdisturb naocontatar
    bajatotal bajadetodo unsubscribeall nomeligue naomeliguem
    """
)
# Long enough to forgive one slip of the finger without meeting another word.
FORGIVEN_WORDS = ("unsubscribe", "desuscribir", "desuscribirme", "descadastrar", "darmedebaja", "dardebaja", "stopall",
                  "leavemealone", "nomecontacten", "noenviarmas")  # fmt: skip
# A clause of its own in a longer reply.
CLAUSE_WORDS = word_set(
    """
    stop baja alto unsubscribe optout sair salir basta parar pare paren chega stopall nomas yabasta nomore
    descadastrar darmedebaja stopsign nomolestar nomellamen nomeescriban nomecontacten leavemealone dejenmeenpaz
    enough
    """
)
# The last word of a clause that says something else first, but for these words before it.
LAST_WORDS = word_set("stop baja alto unsubscribe unsub optout stopsign")
NOT_BEFORE_LAST = word_set(
    """
    de del la el los las un una al a en por su mi tu esa esta este ese muy mas tan es son era sea ser estar estaba sigue
    se me le lo que y o ni poco tasa tasas cuota presion temporada calidad clase parte gente voz moral interes intereses
    monto pago saldo precio cobro puntaje riesgo costo nivel the this that at next last bus full truck must will can
    cannot cant wont dont ever not no nao never nunca to and or
    """
)
# The first word of a clause, where one of these follows.
FIRST_WORDS = word_set("stop baja alto")
AFTER_FIRST = word_set(
    """
    ya pago pagare pague pagaremos he hoy manana te les eu yo vou voy no nao gracias numero deposito abono pasado
    equivocado wrong
    """
)
