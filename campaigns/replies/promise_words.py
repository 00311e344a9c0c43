"""Words of paying: who pays and when, in statements, pasts, hedges, conditions and denials."""

from campaigns.replies.phrases import word_set

PAY = (
    "(contar|cuente|cuenten|conte|contem|count|cuenta) (con|com|on) {el|mi|su|o|the|my|meu|a|un} <noun>",
    "<do> {su|el|o|un|mi|la|una|um|meu|otro|ese|a|uma|les el|le el|ya el|ese} <noun>",
    "<modal> {<clitic>} {<clitic>} {ya} {<clitic>} <inf>",
    "<modal> {<clitic>} {ya} <to_do> {el|un|mi|la|una|o|um|meu|otro|a|uma|ese|les|un} <noun>",
    "<modal> {estar} (haciendo|realizando|fazendo|mandando|efectuando|enviando) {el|un|mi|la|una|o|um|meu|a} <noun>",
    "(voy|paso|pasare|vamos|pasamos|ire|iremos|vou|passo|pasar) ... {a|para|pra|y} <inf>",
    "^ {hola|buenas|tardes|buenos|dias|si|,} (pagar|cancelar|abonar|depositar|liquidar|pagando|depositando) ",
    "{me|nos} (pongo|pondre|ponemos|ponerme|pondremos|coloco|ponho) {yo} (al corriente|al dia|em dia|en dia)",
    "(voy a|vou|vamos a) {me} (ponerme|ponernos|poner|colocar) (al corriente|al dia|em dia|en dia)",
    "(queda|quedara|quedan|estara|sera|vai ser|va a quedar|ficara|fica|vai estar|va a estar) "
    "{ya} {todo|tudo} (pagad*|paga|pago|liquidad*|cubiert*|quitad*|depositad*|saldad*|listo|"
    "hecho)",
    "<noun> {se|lo|la|yo|eu|les|o} {lo|la|le} (sera|queda|quedara|lo hago|hago|la hago|realizo|"
    "hare|sale|cae|va|estara|vai ser|vai cair|fica|cai|faco|eu faco|se hace|se hara|se realizara|"
    "se realiza|se efectuara|se deposita|se depositara|sera realizado|sera depositado|"
    "lo tiene*|lo tendra*|va a ser|va a estar|programado|programada|agendado)",
    "(tienen|tendran|tendra|tiene|recibe|recibiran|recibiras|recibira|te llega|les llega|vao "
    "receber|voces recebem|voce recebe) {ya|ahi} (su|el|o|seu|ya su) (pago|dinero|deposito|abono|"
    "dinheiro|pagamento|transferencia)",
    "(sin falta|sem falta|cuente con ello|cuenten con ello|es seguro|pode contar|te lo prometo|"
    "se lo prometo|les prometo|lo prometo|me comprometo|fica agendado|queda agendado|dou certeza)",
    "<we> {do} {promise|swear|plan|intend|agree|commit} {to|that} {i|ill|we|well} {will|can|"
    "shall|am|are|be|going} {going|gonna|able} {to} {definitely|be|probably not|also|just|at "
    "least|then|only} {to} <pay_en>",
    "(will|gonna|going to|shall|able to|want to|plan to|promise to|agree to|planning to|planning "
    "on|promise ill|can) {definitely|be|just|only|at least|also|probably} <pay_en>",
    "(can|ill|will|could|i|manage) (do|give|manage|swing) {you} NUMBER",
    "^ (pay|paying|sending|depositing|payment|pagando|depositando) ",
    "{<noun>} (will be|is going to be|gonna be|will get|is being|should be) (made|sent|paid|"
    "deposited|transferred|submitted|there|done)",
    "<noun> (is|will be|going|is scheduled|scheduled|set|is set|coming|is coming|goes out|going "
    "out) {out|in} {for|up|to come}",
    "(you|youll|ull|ul) {will|all} {have|get|receive|be getting|be paid} {it|the|your|my|a} "
    "{rest|full} {money|payment|it|amount}",
    "(ill|i will|will) have {it|the|your|my|all} {rest of the} {full} {money|payment|it|amount|paid|for you}",
    "(i promise|for sure|count on it|you can count on it|without fail)",
    "(quedo|quedare|estare|quedamos) {ya} (al corriente|al dia|em dia)",
    "<finite>",
)

# A statement with one of these is no promise; they reach over the whole clause.
HEDGE = (
    "(was|were|wasnt) (going|gonna|planning|supposed|about) {to}",
    "(iba|ibamos|ia|iamos|queriamos|debia)",
    "(tal vez|talvez|quiza|quizas|a lo mejor|puede ser|puede que|posiblemente|probablemente|"
    "possivelmente|provavelmente|creo|acho|supongo|espero|esperamos|ojala|tomara|oxala|tratare|"
    "trato|tratar|intentare|intento|intentar|tento"
    "|tentarei|tentar|vere|ver si|vou ver|voy a ver|veo si|ver se|a ver|maybe|perhaps|might|may|"
    "probably|possibly|hopefully|hope|hoping|try|trying|should|would|could|id|think|guess|"
    "ideally|if i|not sure|no se si|no estoy segur*|nao sei|yo creo"
    "|pagaria*|depositaria*|podria*|poderia*|quisiera*|gostaria*|queria|abonaria*|liquidaria*|"
    "haria*|faria*|estaria*|seria|cancelaria*|transferiria*|mas o menos|como por|dicen|me "
    "gustaria|de pronto|capaz que|capaz|igual y|chance y|chance|aver|consigue|depende|depends|"
    "depending"
    "|need to|have to|has to|supposed to|tengo que|tenemos que|debo|deberia*|necesito|tenho que|"
    "preciso|hay que|sem promessa|sin promesa|cerca de|algo asi|alrededor del|around|dijeron que|"
    "dijo que|told me)",
    "(he|she|they|you) (will|can|should|is going to|are going to|shall|gonna) {be} (pay|send|"
    "deposit|paying|transfer|settle)",
)
CONDITION = (
    "(if|unless|caso|siempre y cuando|siempre que|con tal de|a menos que|a condicion|as long as|"
    "provided|depending|en caso|assim que|as soon as|en cuanto|solo si|only if|hasta que|until i|"
    "a no ser)",
    "se (eu|me pagarem|me derem|me depositarem|me pagar|voce|voces|receber|der|conseguir|"
    "conseguirem|tiver|puder|cair|sobrar|deus|vcs|nao|"
    "entrar|fizer*|derem|o|tudo|minha|meu)",
    "si ",
)
YES_CLAUSE = (
    "^ si {<clitic>} {<clitic>} (<finite>|voy a|vamos a|hago|hare|claro|senor|senora|senorita|"
    "por supuesto|ya|gracias|,|con|quiero|paso a|el <noun>|me pongo|me comprometo|prometo|ok) ",
    "^ si $",
    "si {<clitic>} {<clitic>} (<finite>|voy a|vamos a|hago el|hare el|le hago|les hago)",
)
BARGAIN = (
    "(y|que pasa|que tal|e|pasa) si",
    "(me|nos|le|les) {pueden|puede|van a|va a|puedes} (hacen|hace|haces|dan|da|das|quitan|quita|"
    "quitar|descuentan|descuenta|perdonan|condonan|condona|rebajan|bajan|baja|cobran|cobrar|"
    "hacer|dar|bajar|condonar|ayudan|aceptan|fazem|faz|dao|tiram|regalan|dejan)",
)
IDIOMS = (
    "si dios (quiere|lo permite|me lo permite|nos permite|nos da vida|me permite|me da vida|me presta vida)",
    "se deus (quiser|permitir)",
    "(dios mediante|primero dios|con el favor de dios|gracias a dios|god willing|si no hay "
    "problema|si no hay inconveniente|si es posible|se der tudo certo|se possivel|si gusta|si "
    "gustan|si quiere|si quieren|if thats ok|if that works|if its ok|if ok)",
    "(no|nao) {se|te|lhe|voces} {me} (preocup*|apur*|mortifi*|angusti*|olvid*|esquec*|esqueci)",
    "(no|nao|sem|sin) {hay|tem|ha|tengo|es} {ningun|nenhum} (problema|problem|pedo|bronca|pena|"
    "duda|duvida|cuidado|inconveniente)",
    "(no problem|no worries|not a problem|dont worry|do not worry|no prob|no doubt|wont forget|"
    "no les fallo|no le fallo|no te fallo|nao vou falhar|no fallo|no voy a fallar|no les quedo "
    "mal|no le quedo mal|sin fallar|no mas tarde|no later than|a mas tardar|mais tardar|no "
    "maximo|nada mas|nomas|no mas de|not later than|at the latest|lo mas tarde|como tarde)",
    "(ya que|ja que) (no|nao) (pude|puedo|consegui) ",
    "(quiero|quisiera|quero|want to|wanna|need to|necesito|preciso) (pagar|pagarles|pay) {it|mi deuda|mi pago}"
    " (ahora|ahorita|ahorita mismo|ahora mismo|agora|agora mesmo|now|right now|ya) $",
    "(ok|okay|bueno|perfecto|claro|hola|buenas|buenos|buen|dia|dias|tardes|noches|gracias|de "
    "acuerdo|ta bom|oi|ola|bom dia|boa tarde|boa noite|hi|hello|sorry|perdon|disculpe|disculpen|"
    "desculpa|lo siento) ,",
)
NEGATIONS = word_set(
    """
    no nao not nunca jamas never wont cant dont tampoco nem ni jamais
    """
)
CONTRAST = word_set(
    """
    pero sino but although aunque though porque because entonces so mas then todavia contudo
    """
)
SUBORDINATE = word_set(
    """
    que cuando quando si como cuanto quanto donde onde se when that where how
    """
)
INEXACT_BEFORE = word_set(
    """
    despues entre between after depois partir desde alrededor around hace since
    """
)
# Between two days these leave open which of them is meant.
ALTERNATIVES = frozenset(
    {"o", "u", "ou", "or", "o el", "o la", "o en", "o hasta", "o a", "ou na", "ou no", "or on", "or the", "o para"}
    | {"o sino", "y o", "a", "al", "hasta", "ate", "to", "till", "or maybe", "o tal vez", "o sea"}
)

FILLER = word_set(
    """
    sea menos minimo siquiera least just
    el la los las un una y e and en para por de del al a con the on at in of for o os as um uma no na nos
    nas do da dia otros otro otra outro outros more mas mais another resto restante rest lo que queda falta
    demas me le les te se ya si sim yes ok hola buenas tardes buenos dias buen noches gracias porfavor
    please favor pesos seguro solo only nada entonces pues todo total tudo completo lista listo solamente
    apenas son es e eso mismo serian hasta before by antes ate until senor senora senorita mitad half metade
    hi hello oi ola bom boa tarde noite obrigado thanks , cada each tambien bueno efectivo oxxo banco
    transferencia spei pix cash va sale vale perfecto mismo mes month ambos
    """
)

TAGS = (
    "(ok|okay|oka|va|sale|si|vale|esta bien|todo bien|bien|ta bom|tudo bem|tudo certo|certo|"
    "right|de acuerdo|bueno|les parece|le parece|te parece|alright|verdad|is that ok|is that "
    "okay|is that alright|ok with you|sounds good|puede ser|cierto|"
    "pode ser|blz|beleza|va que va|correcto|de acuerdo|deal|is that fine|that ok|esta bom|esta "
    "bien asi) {porfavor|por favor|gracias|please|joven|amigo|senorita|por|asi|obrigado|"
    "obrigada} [?] ",
)
ASKED = (
    "(puedo|podria|podriamos|podre|podemos|posso|poderia|can i|could i|may i|tengo que|debo|can we|"
    "se puede|tenho que|do i|cuando|quando|cuanto|when|should i|hay que|a que|que pasa|what if|y si|"
    "e se|me puede*|me espera*|no puedo|no se puede|would it|is it|sera que|si )"
)
