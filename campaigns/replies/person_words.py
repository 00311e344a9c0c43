"""How people say that the message reached someone else."""

from campaigns.replies.phrases import word_set

WRONG_PERSON = (
    "(mi|meu|my) (nombre|nome|name) (no|nao|is not|isnt) {es|e}",
    "<phone> {es|e|is} {de|belongs to|da|pertenece a|pertence a} (otra persona|alguien mas|outra "
    "pessoa|someone else|somebody else|another person)",
    "<phone> (no|nao) (pertenece|pertence|es|e) {de|a|da|do|dessa|de essa} {esa|essa|ese|esse} <person>",
    "(no|nao) (hay|tem|existe|esta) {aqui} (nadie|ninguem) (con|com|llamad*|chamad*) {ese|esse|tal} {nombre|nome}",
    "^ (aqui|aca) (no|nao) (es|e) $",
    "(numero|telefono|celular|persona|cel|whatsapp|contacto) (equivocad*|errado|errada|errados|"
    "incorrecto|incorrecta|erroneo)",
    "(pessoa|telefone|contato) (errad*|incorret*)",
    "(wrong|incorrect) (number|person|phone|guy|man|woman|lady|contact|one|party)",
    "(equivoc*|confund*|enganaram|enganou|errou|erraram|engano) {usted|ustedes|ud|uds} (de|con|"
    "el) {la|el|o} (numero|persona|telefono|celular"
    "|pessoa|telefone)",
    "(numero|telefono) ... (equivocad*|errado)",
    "(soy|habla|contesta|sou) otra persona",
    "^ (esta|estan|estas) {usted|ustedes} {muy} (equivocado|equivocada) $",
    "^ (equivocado|equivocada|engano) $",
    "(e|foi|he|eh|deve ser) {um|por} engano",
    "(no|nao) (soy|sou|era|somos|fui) {la|el|a|o|esa|ese|essa|esse} (yo|eu|<person>|ella|ele|ela|"
    "quien|quem|que buscan|que usted|dueno|duena"
    "|dona|dono|el que|la que|esa|ese|essa|esse|a quien|su cliente|cliente)",
    "(no|nao) (soy|sou) $",
    "(no|nao) me (llamo|chamo)",
    "(no|nao) (conozco|conozo|conosco|conoco|conheco|reconozco|se quien es|sei quem e|se quien "
    "sea|conhecemos|conocemos|ubico) {a|la|lo|le|o}"
    " {esa|ese|ninguna|ningun|nenhuma|nenhum|essa|esse|esta|este|tal|la|el} (<person>|maria|juan|"
    "nadie|ella|el|ela|ele|quien|nombre|nome)",
    "(no|nao) (la|lo|le|los|a|o) (conozco|conosco|conheco|conocemos|ubico)",
    "(no|nao) (conozco|conheco) a",
    "(aqui|aca|en esta casa|ya|ja|aqui ya) (no|nao) {ya|mais} (vive|mora|trabaja|trabalha|reside|se encuentra)",
    "(no|nao) {ya} (vive|mora|trabaja|trabalha|reside) {mas|mais} (aqui|aca|conmigo|comigo)",
    "(aqui|aca) (no|nao) {hay|existe|tem|es} (ningun|ninguna|nadie|nenhum|nenhuma|ninguem|casa)",
    "(este|ese|esse|esta|essa|el|mi|meu|my) <phone> {ya|ja} (no|nao) (es|e|pertenece|pertence|"
    "corresponde) {ya|mas|mais} {a|de|da|do|al|el|la|ao}",
    "(este|ese|esse|eso) {ya|ja} (no|nao) (es|e) {ya|mas|mais} (el|o|su) <phone>",
    "(no|nao) (es|e) {ya|mais|mas} (el|o|su|seu) <phone> (de|da|do|dela|dele|del)",
    "(ya|ja) (no|nao) (tiene|tem|usa|es|ocupa|e) {mas|mais} (este|ese|esse|su|el|seu|mas este|mais esse) <phone>",
    "(cambio|mudou|trocou) de <phone>",
    "(im|i am|this is|thats|its|am) not {the|that|a} (him|her|them|<person>|who|whom|one|me|your|right|he|she|the)",
    "(you have|you got|u have|u got|youve got) {the|a} wrong",
    "{i} (dont|do not|never) know {this|that|any|a|who|any such|anyone named|anybody named|"
    "anyone by|no|of} (<person>|her|him|them|anyone|this is|that is"
    "|who|name|any)",
    "(this isnt|this is not|thats not|that is not|its not|isnt) {his|her|their|my|the} * (phone|number|name|cell)",
    "(this isnt|this is not|thats not|that is not|not) (his|her|their) (phone|number|name|cell)",
    "(no|not) {longer|more} {his|her|their} (number|phone)",
    "^ not me $",
    "(theres|there is|there are) no (* here|* at this|one named|one by|such)",
    "(aqui|isso|este|esse) nao e (da|do|de|o|a)",
    "(no one|nobody|noone) {here|in here} (by|with|named|of) {that|this|the} {name|named} {here}",
    "(doesnt|does not|no longer) (live|work) (here|at this)",
    "(nao|no) (e|es) (meu|mi) (nome|nombre)",
    "(my name is|my name) not",
    "(recien|acabo de|recem) {me dieron|adquirir|comprar|sacar} este (numero|chip|linea)",
)
# A name after "no soy", unless it is one of the words below.
NAMED_WRONG_PERSON = (
    "(?:no|nao) (?:soy|sou) (?:a |o |la |el |el senor |la senora )?([a-z]+) |(?:im|i am|this is) "
    "not ([a-z]+) "
    "|(?:no|nao) (?:conozco|conheco|conosco) (?:a |al )?(?:ningun|ninguna|nenhum|nenhuma|esa|ese|"
    "essa|esse|la|el|o) ([a-z]+) "
)
NOT_NAMES = word_set(
    """
    deudor deudora devedor deuda cargo cobro divida cobranca credito prestamo emprestimo cuenta compra empresa
    financiera
    monto link conta contrato debito numero valor operacion tarjeta transacao pagina
    my your our their any what un una tan muy de rico rica millonario tonto tonta ratero moroso morosa
    culpable responsable capaz ladron ningun ninguna nadie idiota estupido pobre su tu como asi mas menos
    buena bueno mala malo quem quien sure going paying able happy interested available a the your ready well
    ok okay working in at here sure done responsible guilty stupid dumb rich made getting giving afraid
    scared owing late home mi desse disso rico um uma bobo palhaco culpado responsavel banco bank able
    giving refusing saying asking trying even really yet avalado obligado able gonna to yo eu that this an
    banquero delincuente maquina from aqui alli dinero deudas sorry still only just currently employed
    obrigado otario trouxa burro el la o
    """
)
