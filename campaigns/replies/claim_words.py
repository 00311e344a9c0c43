"""How debtors say that they have paid, and the words before it that undo the claim."""

from campaigns.replies.phrases import word_set

PAID_CLAIMS = (
    "{ya|ja} (fui|fuimos|pase|pasamos|fomos) {ayer|hoy|ontem} {al banco|al oxxo|ao banco} a "
    "(pagar*|depositar*|hacer|liquidar*)",
    "{ya|ja} {la|lo|las|los} (termine|terminamos|terminei|acabe) de (pagar*|liquidar*|cubrir*)",
    "{ya|ja} (he|hemos|ha|han|habia|hayan|se ha) {ya} <paid>",
    "(ya|ja|already) {te|le|les|lo|la|los|se|se los|se lo|los|me|nos|eu|i|yo|esta|estan|quedo|"
    "fue|foi|esta todo|ha sido|ha|he|esta mi|estao|tengo|lo tengo|lo he|las|os|ha quedado|se los|"
    "ta|sido|tenho|o|a|i have} {sido|todo|ya|tudo} (<past>|<paid>|pagaron|pagamos|deposito mi|di|"
    "mando|pagou|pagaram|depositou|depositaron|paid|made|sent|pagua|pagaste)",
    "(ya|ja) {te|le|les|lo|la|se} {los|lo|la} (hice|fiz|hicimos|realice|realizo|efectue|quedo|"
    "cubrimos|pagamos|quedamos|di|dimos|cumpli|hizo|fizemos|fez|esta|cayo|caiu|salio) {mi|el|un|"
    "la|o|meu|a|todo|una|esse|ese|los|las} {<noun>|pagad*|a mano|al corriente|al dia|liquidad*|"
    "cubiert*|quite|em dia|$}",
    "(hice|hicimos|realice|realizamos|efectue|fiz|fizemos|realizei|efetuei|hizo|mandei|enviei|"
    "mande|envie|made|ive made|di|sent|se hizo|se realizo) {ya|les|le|um|uma|o|a|el|un|la|mi|una|"
    "the|my|meu|minha|su|este|your|you|i|full} {primer|segundo|ultimo|full|last} (<noun>|<proof>|"
    "depositos|transferencias|pagos|payments)",
    "(acabo|acabamos|acabei|acabe|termino|vengo) {de} (pagar*|depositar*|transferir*|hacer|"
    "realizar|liquidar*|abonar*|fazer|mandar|enviar|cubrir*|cancelar*|quitar)",
    "(ya|ja) se (pago|deposito|abono|liquido|transfirio|cubrio|cancelo|pagaron|depositaron|"
    "realizo|hizo|mando|envio|consigno)",
    "(ya|ja) {te|le|les|lo|la|se los} (page|pge|paguee|pagie|pahue|pagu|pagado|depocite|deposite|"
    "depositamos|transferimos|liquidamos)",
    "(just|i|we|ive|have|has|been|already|was|its|it|bill|loan|debt|is|got it|got|balance|all) "
    "{already|just|been|have|is|was|ive|got|all|fully|it} (paid|settled|sent it|transferred|"
    "deposited|payed)",
    "^ (paid|pagado|pagada|depositado|liquidado|payment sent|payment made|pix feito|pago feito|"
    "pagamento feito|quitado|quitei|cancelado|listo el pago|liquidada)",
    "(segue|anexo|adjunto|aqui|ahi|mando|envio|les mando|te mando|le mando|attached|here|heres|"
    "sending|tengo|tenho|have|i have|este es|esse e|ahi les va|ahi va|ahi esta|ai esta|enviando|"
    "mandando|adjunta|vai|mira|mire|vea|vean) {es|is|e|va|esta|le|les|te|mi|el|o|meu|the|my|a|su|"
    "un|los|the|de|foto|em|del|mando|envio|su|esse|vai} {mi|el|o|meu|the|my|de|foto|del|a|los|"
    "copy of the|de pago} <proof>",
    "<proof> {de|do|of|del|de la|da} {mi|el|la|the|my} {pago|pagamento|payment|deposito|"
    "transferencia|transfer|pix} (adjunto|anexo|attached|enviado|listo|en foto)",
    "^ {mi|el|my|the|foto del|foto de|este es mi|o|meu} <proof> {de|do|of|del} {mi|el|the|my} "
    "{pago|pagamento|payment|deposito|transferencia|transfer|pix} $",
    "(no|nao|not|didnt|did|did you|have you|hasnt|por que no|aun no|ainda nao|todavia no|did not|"
    "you|doesnt|isnt) {se|me|les|le|ha|han|has|have|lhes|aparece|ya|foi} {han|ha|ve|ya|not|you|"
    "been} (reflej*|aparec*|aplic*|registr*|acredit*|cay*|cai*|compens*|baj*|show*|post*|"
    "reflect*|receive*|get|got|process*|abona*|baix*|lleg*|contabiliz*|constan|consta|ven|visto|"
    "vieron) {ya|mi|el|o|meu|my|the|ainda|su|aun} (<noun>|<proof>)",
    "(recib*|receb*|lleg*|cayo|caiu|vieron|viram|receive|received|you get|you got|you see|les "
    "aparece|ya les|checaron|verifi*|check|confirm*|chegou|registraron|validar|validaron|checar|"
    "revis*|chequ*) {la|les|ya|mi|el|o|meu|the|my|me|si|a|su|le|con|que} {mi|el|meu|llego|cayo} "
    "(pago|deposito|transferencia|pagamento|payment|transfer|abono|spei|pix|comprobante|"
    "comprovante|receipt) {ya|que|de|del|please|porfavor|$|hice|realice|ayer}",
    "(mi|el|meu|o|my|the|su) (pago|deposito|transferencia|pagamento|payment|transfer|abono|pix|"
    "boleto) {ya|ja|already|no|nao|todavia no|still|has|was|went|se} {se|was|has|ya|esta|fue|foi|"
    "have|not} (made|sent|hizo|realizo|hecho|realizado|efectuado|feito|went through|cleared|"
    "posted|efetuado|pago|caiu|cayo|through|esta hecho|esta realizado|aparece|refleja|reflejo|"
    "reflejado|salio|compensou|enviado|enviada|pagado|listo|procesado)",
    "(pago|pagamento|payment|deposito|transferencia|pix|abono) {ya|ja|was|has been|fue|foi|esta|"
    "already|is} (hecho|hecha|realizado|realizada|efectuado|efetuado|efectuada|feito|feita|made|"
    "sent|done|enviado|enviada|completed|complete|listo|confirmado|submitted|went through)",
    "(esta|esta ya|quedo|quedo ya|fue|foi|fueron|estan|ficou|tudo|is|ta|hoje ja) {todo|ya|ja|"
    "tudo} (pagad*|paga|liquidad*|quitad*|depositad*|saldad*|pago|cubiert*|paid) {ya|todo|$|"
    "desde|hace|la|el|a|o|en|tudo|ontem|hoje|#mark|mark|por}",
    "(took care of|taken care of) {it|this|that|the|my}",
    "{i|ive} (already|just) (did|done|took care)",
    "(pagado|liquidado|cubierto|quitado|depositado) (desde|hace|la semana|el dia|ayer|ontem|hoy|mark)",
    "(pagaste|ya no debo por que pague|ya me pusieron al corriente|estoy al corriente|ya estoy "
    "al dia|estoy al dia|estou em dia|ja estou em dia|all paid up|im current|i am current|paid "
    "up|ya quedo$|ya me puse al corriente|me puse al corriente|ja acertei|ja quitei|ya cumpli)",
    "(ya|ja) (pague|pago|paguei|pagamos|pagaron|pagou|deposite|liquide|quedo) $",
)
# A past of paying; a few of its forms without accents are also commands.
PAST_VERBS = (
    "pague|deposite|transferi|abone|liquide|cubri|consigne|cancele|paguei|depositei|quitei|acertei|"
    "liquidei|finiquite|salde|regularice"
)
PRESENT_TOO = frozenset({"pago", "deposito", "abono", "liquido", "cancelo"})
NOT_I = "usted|ud|ustedes|tu|su|el gobierno|el senor|otro|alguien|voce|quien|antes|a tiempo|ya|ahora|hoy|primero"
SURELY_PAID = word_set(
    """
    ya ja already he hemos ha han acabo acabamos acabei
    """
)
UNPAID = word_set(
    """
    would could should
    no nao not havent hasnt didnt nunca aun todavia ainda cuando quando when until hasta que para after once
    if si be get gets getting im unless antes before cuanto sera queda vez a talvez quiza quizas mejor eu
    isnt wasnt never sin
    """
)
NEVER_PAID = word_set(
    """
    no nao not havent hasnt nunca aun ainda cuando quando when hasta until after once never
    """
)
