"""What debtors ask for: a person, a way to pay, the balance, messages again, help."""

from campaigns.replies.meaning import Intent
from campaigns.replies.phrases import word_set

REQUESTS: dict[Intent, tuple[str, ...]] = {
    Intent.AGENT: (
        "(asesor*|agente|agentes|ejecutiv*|operador*|operadora|atendente|atendentes|humano|"
        "humana|representante|representative|agent|supervisor*|gerente|manager|human|encargad*|"
        "callcenter|call center|persona real|gestor)",
        "(hablar|hable|hablo|habla|conversar|falar|fala|speak|talk|talking|speaking|platicar|"
        "chatear|comunicarme|comunicar|comunican|comunique*|comunicas|atienda|atiende|atender|"
        "contactar*|comunicarse|chat) {me|mi}"
        " {con|com|to|with|a|conmigo|comigo} {un|una|um|uma|a|an|some|algun|alguna|alguem|otra|"
        "real|su|sus} {real|live} (persona|alguien|pessoa|alguem|someone|somebody|person|ustedes|"
        "voces|usted|voce"
        "|senorita|you|conmigo|comigo|one|cobranza|area|humano|gente)",
        "(quiero|necesito|quero|preciso|want|need|prefiero) {un|una|a|de|um|uma} (persona|pessoa|"
        "person|alguien|real person)",
        "(llamenme|llameme|llamame|marquenme|marqueme|marcame|hablenme|hableme|contactenme|"
        "contacteme|contactame|comuniquense|comuniquese|call me|phone me|ring me|give me a call|"
        "gimme a call|call back|callback|contact me"
        "|reach me|me liga|me ligue|me liguem|me ligam|me ligar|liga pra mim|ligue para mim|"
        "ligue pra mim|entrem em contato|entre em contato|me chama|me chame|me llama|me llaman|"
        "me marca|me marcan|me hablan|me habla)",
        "(me|nos) {pueden|puede|podrian|podria|podes|puedes|podem|pode|poderia|poderiam|quiero "
        "que me|pudieran} (llamar|marcar|ligar|contactar|hablar|atender|devolver la llamada|"
        "telefonear|contatar)",
        "(pueden|puede|podrian|podria|can you|could you|can someone|can anyone|could someone|"
        "someone|quiero que|necesito que|que alguien) {alguien|please} {me} (llamarme|marcarme|"
        "hablarme|contactarme|llamen|marquen|call {me}"
        "|contacten|llame|marque|contacte|phone {me})",
        "(telefono|numero|number|telefone) {de telefono} {para|to|donde|al que|pra|de} {puedo|"
        "poder|can|i can|i} (llamar*|marcar*|ligar|call|contacto|atencion|atendimento|"
        "comunicarme|hablar)",
        "(a que|que|what|qual|cual) {es|e} {el|o|su|the} (numero|telefono|number|telefone) {les|"
        "los|para|can|puedo|me|i|do|should} {i|puedo|to} (llamo|marco|llamar|marcar|comunico|"
        "ligo|ligar|call|hablo)",
        "(quien me puede atender|alguien que me atienda|atencion a clientes|atencion al cliente|"
        "customer service|servicio al cliente|horario de atencion|algun humano|is anyone there|"
        "hay alguien)",
    ),
    Intent.PAYMENT_LINK: (
        "(where|how|donde|onde) {do|should|can|could|would|puedo|posso} {i|we} (send|mail|"
        "deliver|mando|envio|mandar|enviar|drop off|entrego) {el|the|my|o|a|mi} (payment|money|"
        "pago|dinero|pagamento|check|dinheiro)",
        "(donde|adonde|onde|where|en donde|a donde|como|how|de que forma|por donde|how else) {es "
        "que|se|le|lo|la|les|do|can|could|to|should|puedo|podria|podemos|hago|hacemos|le hago|"
        "faco|posso|eu|i|we|que|yo|le puedo|les puedo|se puede|debo|tengo que|faz}"
        " {i|we|hago|puedo|to|eu|faco|para|pra|hacer|posso|make} {para|pra|to|poder|hacer|"
        "realizar|efectuar|fazer|realizo|el|o|a|the|my|un} {mi|el|o|meu|my|un|the|a|los|mis} "
        "(pago*|pagar*|paga|pagan|deposito|depositar*|transferir*|transfiero|pagamento|pay|"
        "payment|abono|abonar|liquid*|cancelo|cancelar"
        "|consigno|consignar|paying)",
        "(liga|link|links|enlace|enlaces|url|clabe|oxxo pay|codigo de barras|codigo de pago|"
        "barcode|qr|qr code|segunda via|2a via|2 via|linha digitavel|chave pix|clave pix|copia e "
        "cola|ficha de pago|ficha de deposito|datos bancarios|datos de pago"
        "|dados bancarios|datos para {el|mi|hacer el|realizar el} (pago|deposito)|datos para "
        "(pagar|depositar|transferir)|formas de pago|forma de pago|formas de pagamento|metodos "
        "de pago|opciones de pago|payment options|payment methods|linea de captura"
        "|referencia de pago|referencia para pagar|numero de referencia|cupon de pago|talon de "
        "pago|payment link|pay online|paylink)",
        "(manda*|mandem|enviar|envia*|envie*|enviem|pasa*|pase*|manden*|send|dame|deme|denme|me "
        "das|me da|quiero|quero|necesito|preciso|ocupo|share|comparte*|cual es|qual e|qual o|"
        "give) {me|o|a} {por favor|porfavor|please} {el|la|los|las|o|a|um|una|un|the|de|do|otra|"
        "outra|su|sua|outro|your}"
        " {numero de|novo} (pix|boleto|boletos|codigo|referencia|cuenta|cta|conta|reference|"
        "recibo de cobro|factura|fatura|invoice|ficha|datos|dados|account number|bank details|"
        "bank info)",
        "(a que|en que|en cual|a cual|qual|que|which|what|em qual|em que|para que) {es|la|a|e|"
        "banco|numero de} (cuenta|cta|clabe|conta|account|tarjeta|pix|banco|bank)",
        "(numero de cuenta|cuenta para depositar|cuenta para pagar|cuenta bancaria|conta para "
        "depositar|account number to pay)",
        "(puedo|se puede|posso|da pra|da para|can i|could i|podria|puede|aceptan|reciben|aceitam|"
        "aceita|do you take|do you accept|tem como|hay forma de|puedo hacer) {yo|eu} {pagar*|pay|"
        "depositar*|hacer|pagos|pago|el|o} {el} {pago|transferencia} {en|con|por|no|na|com|via|"
        "pelo|pela|at|with|by|online|in|a traves de"
        "|el|o} {la|el|mi|my|o|a|un|una|linea|your} (oxxo|tarjeta|banco|sucursal|sucursales|"
        "transferencia|spei|pix|cartao|card|cards|credit|debit|paypal|efectivo|caja|tienda|app|"
        "linea|online|boleto|cash|lotericas|loterica|nequi|efecty|pse|yape|plin|walmart|check|"
        "zelle|venmo|cheque|deposito|baloto|internet)",
        "(quiero|queremos|deseo|quisiera|necesito|me gustaria|quero|gostaria de|desejo|want to|"
        "wanna|would like to|id like to|need to|ready to|listo para|lista para|i will like to|"
        "voy a querer|preciso) {poder|ya|hacer|realizar|fazer|make|hoy|yo|saber como|"
        "regularizar} {el|un|mi|o|um|meu|a|my|the} (pagar*|pago|pay|liquidar*|cancelar*"
        "|saldar*|abonar*|quitar|pagamento|ponerme al corriente|ponerme al dia|ponerme|payment|"
        "depositar*|acertar|regularizar*|finiquitar|settle|transferir*)",
    ),
    Intent.BALANCE: (
        "(what|whatever|lo que|todo lo que) {do|amount do} (i|we) {still} owe",
        "(cuanto|quanto|how much) {es|e|le|les|te|se|do|does|would|is|that|lo que|yo|eu|i|que|"
        "seria|mas|me|todavia|aun|it|would i|will i|sera|tengo que|tenho que|hay que|voy|vou|"
        "falta|money|do i|am i|would it|total|dinero|still|ainda|exactamente} {ya|le|les|lhes|"
        "debo|i|que|tengo|to|need|still|de|a|para|por|pra|se|have|lo} {que} {to|de}"
        " (debo|devo|devemos|debemos|adeudo|es|e|pagar*|owe|owed|left|pay|falta|faltam|faltan|"
        "debia|resta|quedo|queda|fica|ficou|tengo|it|my|the|due|deuda|estoy|sale|seria|saldo|mi|"
        "minha|a divida|a parcela|to pay|em|esta|custa|cobran|vence|tocaria|toca|in total|en "
        "total|da)",
        "^ (cuanto|quanto|how much|cuanto es|quanto e|cuanto seria|saldo|balance|mi saldo|my "
        "balance|meu saldo|monto|deuda|mi deuda|adeudo|saldos|estado de cuenta|valor|extrato) "
        "{porfavor|por favor|please|total|actual|atual} $",
        "(mi|my|meu|the|el|o|su|consultar|consulta de|saber|ver|qual|cual|check|what is|whats|"
        "account|current|conocer|of) {es|e|mi|el|o|de|my|meu|the|is} {mi} (saldo|balance|adeudo|"
        "estado de cuenta|saldo pendiente|saldo devedor|account balance|remaining balance)",
        "(estado de cuenta|account statement|saldo devedor|saldo pendiente|valor da parcela|"
        "valor atualizado|valor da divida|monto a pagar|monto total|monto de la deuda|amount due|"
        "monto exacto|total a pagar|cantidad a pagar|payoff amount|extrato da conta|amount i owe)",
        "(cual|qual|what|whats|que) {es|e|is|seria|s} {el|o|a|the|mi|meu|my|minha} (monto|valor|"
        "cantidad|importe|deuda|divida|amount|debt|total|quantia|adeudo|saldo|balance|pago "
        "minimo|mensualidad)",
        "(cuando|quando|when|que dia|what day|hasta cuando|para cuando|what date) {is|es|e|me|se|"
        "mi|my|the|o|a|it|el|la} {it|es|pago|payment|parcela|mi|boleto|cuota} (vence|due|"
        "vencimiento|vencimento|fecha de pago|toca pagar|toca|fecha limite|the due|vencio|venceu|"
        "expira|corta)",
        "(fecha de pago|fecha limite|fecha de vencimiento|due date|data de vencimento|cuantos "
        "pagos|cuantas cuotas|cuantas letras|quantas parcelas|how many payments|dias de atraso|"
        "cuanto atraso)",
    ),
    Intent.OPT_IN: (
        "(quiero|quero|deseo|want|si quiero|i want|quisiera|please|can you|puedo|acepto|aceito) "
        "{to} {volver a|voltar a|start|resume|seguir|continuar|keep|que me|start again|me|de "
        "nuevo} {a} (recibir|recibiendo|receber|recebendo|receiving|receive|getting|get|manden|"
        "envien|escriban) {de|nuevo|otra|mas}"
        " {los|las|as|your|the|sus|mas|sms|nuevo|de nuevo|vez|again|your|estos|these} (mensaje|"
        "mensajes|mensagem|mensagens|messages|texts|recordatorios|lembretes|avisos|reminders|"
        "notificaciones|sms|notificacoes|again|de nuevo|nuevamente|otra vez|novamente)",
        "(darme|dar|denme|deme|dame|den) {me} de alta",
        "(reactiv*|reanud*|reactivate|resume|resubscribe|reinscri*|restart) {me} {los|las|mis|as|"
        "my|the|o envio de|el envio de} {mensajes|mensagens|messages|recordatorios|texts|avisos|"
        "sms|$}",
        "(suscribirme|suscribanme|suscribeme|subscribe me|sign me up|opt in|opt me in|"
        "resubscribe|inscrever|me inscreva|quero me inscrever|start sending|start again|start "
        "texting me again|alta porfavor|opt back in)",
    ),
    Intent.HELP: (
        "^ (help|info|ayuda|ajuda|informacion|informacao|information|socorro|menu|opciones|"
        "opcoes|options|mas info|more info|help me|ayudame|ayudenme|ayudeme|me ajuda|me ajude|me "
        "ayuda|help please|auxilio|duda|duvida|tengo una duda|tengo dudas|i have a question|una "
        "pregunta|una duda|una consulta|tenho uma duvida) {porfavor|por favor|please} $",
        "(necesito|quiero|preciso de|preciso|need|quisiera|ocupo|requiero|solicito|want|quero) "
        "{mas|de|some|more|your|mais|de su|su|algo de} (ayuda|ajuda|help|informacion|informacoes|"
        "informacao|info|information|orientacion|apoyo)",
        "(me|nos) {puede|puedes|pueden|podria|podrian|pode|podem|poderia} (ayudar|ayuda|ayudan|"
        "ayudas|ajudar|ajuda|explicar|explica|orientar|informar|explican|apoyar|ajudem)",
        "(can|could) you (help|explain)",
        "^ {y|hola|disculpe|buenas|perdon|,|oiga|buenas tardes|buenos dias} (quien|quienes|quem|"
        "who) {is|are} {es|son|eres|sos|e|sao|this|you|habla|me escribe|"
        "manda|fala|esta|me habla|envia|me manda|these|it} {usted|ustedes|voce|voces|esto|this|"
        "texting|me|el|you} {texting|from|guys} $",
        "(quien|quem) (eres|es usted|son ustedes|e voce|me escribe|me habla|me manda|escribe|"
        "fala|e voces|sao voces|habla|son) ",
        "(who is|whos|who are) (this|you|texting|it)",
        "(de parte de quien|de quien es|de que empresa|de que banco|de que financiera|que "
        "empresa|que banco|de donde|de que se trata|de que trata|de que es|de que credito|what "
        "is this|whats this|what is it about|que es esto|que es eso|o que e isso|do que se trata|"
        "sobre o que|de que se trata|what company|which company"
        "|what bank|que credito|de que hablan|de que me hablan|de que hablas|de que deuda|what "
        "loan|what debt|que deuda|que prestamo|que divida|de onde) ",
        "(no|nao|dont|do not|no le|nao te) (entiendo|entendi|entendo|understand|comprendo|"
        "entendemos|get it) {el|nada|this|what|o|que|a|the|de|your}",
        "how (does|do) (this|it|i) (work|use)",
        "^ (menu|main menu|menu principal|menu inicial|menu de opciones|ver {el} menu) $",
    ),
}

# "Cancelar" of these is ending a contract, not paying.
NOT_PAYING = (
    "cancel* {mi|el|la|los|esa|este|esta|my|the|minha|meu|o|a} "
    "(tarjeta|servicio|seguro|contrato|cita|linea|membresia|cartao|account|card|insurance|"
    "subscription|plan|servico)",
)

# A whole message of one such word, polite words aside.
WORDS_BY_INTENT: dict[Intent, frozenset[str]] = {
    Intent.OPT_IN: word_set(
        "alta start unstop iniciar voltar subscribe suscribir inscrever reactivar optin volver reativar comenzar"
    ),
    Intent.HELP: word_set("help info ayuda ajuda menu informacion informacao"),
    Intent.BALANCE: word_set("saldo balance deuda"),
    Intent.PAYMENT_LINK: word_set("pix boleto link pagar pay paynow pagaraqui referencia clabe"),
    Intent.AGENT: word_set("asesor agente agent llamenme persona humano"),
    Intent.PAID_CLAIM: word_set("pagado pagada paid depositado"),
}
SERVICE_WORDS = {word: intent for intent, words in WORDS_BY_INTENT.items() for word in words}
YES_WORDS = word_set(
    """
    yes si sim y s yep yeah claro acepto aceito sip
    """
)
NO_WORDS = frozenset(["no", "nao", "n", "nope", "nel"])
