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
    suscripcionno
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
