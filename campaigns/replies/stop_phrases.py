"""How debtors say stop in a sentence, and what only looks like it."""

NARROW_PHRASES = (
    "(absteng*|prohib*|proib*|desist*) {terminantemente|que|de|from|a ustedes|me|les|a partir de "
    "hoy} {que|de} {me} (<text>|<send>)",
    "<no> {i} (consent|agree|consinto|gave consent|give consent|doy mi consentimiento|dou "
    "consentimento) {to|a|para|for} {receive|recibir|receber} {these|los|estos|your|sus|que} "
    "<things>",
    "^ {quiero|quero|solicito} baja {de} {sus|los|estos} <things>",
    "^ {yo|eu} (quero|quiero|deseo|i want) {me} (sair|parar|salirme|to stop|out|stop) $",
    "(suficiente*|bastante*|enough|harto|ya chole) {ya} (con|de|with|of) {tantos|sus|los|tus|"
    "these|your|all|tanto} <things>",
    "<cease_de> {ya} {de|con} {me|estar|andar} (cobrar|cobrarme|cobrando|cobrandome|chamar) {mas|"
    "mais|ya|por favor|porfavor} $",
    "cancel* {o|la|el} (recebimento|recepcion|recibimiento)",
    "stopsign",
    "<no> {<wish>} {<me>} {<again>} {<me>} <text>",
    "<no> {<wish>} {<me>} {<again>} {<me>} <send> ... <things>",
    "<no> {<wish>} {<me>} {<again>} {<me>} <send> {me} {mas|mais|ya|porfavor|por favor|anymore} $",
    "ya (no|nao) {<wish>} {<me>} <send> {mas} {porfavor|por favor} $",
    "<no> {se} {<wish>} {<again>} {mas|mais|more|any|any more|to|seguir|continuar|keep} "
    "(recibir*|recibiendo|receber|recebendo|receive|get|getting|receiving) ... <things>",
    "<no> (quiero|deseo|quisiera|quero|desejo|want|wish|need|necesito|preciso) {ya} {to} "
    "{recibir|receber|receive} {de}"
    " {mas|mais|any|any more|more|ningun|sus|estos|esos|these|your|los|ver|tus|nenhum|nenhuma|"
    "essas|esses|suas} <things>",
    "<no> {<wish>} {mas|mais} (recibir|receber|recibirlos|receive) {mas|mais|nada|anymore} $",
    "<no> {<me>} (quiero|deseo|quisiera|quero|desejo|want) {mas|mais|seguir|to} (recibir*|"
    "recibiendo|receber*|ver|receive|get) {mas|mais|anymore} $",
    "(hart*|cansad*|fastidiad*|tired|sick|fed up|farto|farta) (de|of|with) {tantos|sus|tus|los|"
    "estos|your|all|these|the|recibir|suas|essas} <things>",
    "(no mas|nao mais|no more|ya no mas|basta de|chega de|ni un|nem mais uma|ya no|enough of|"
    "enough with) {estos|esos|de}"
    " {sus|tus|los|your|these|the} <things>",
    "<cease_de> {ya|por favor|porfavor} {de|con|a} {estar} {<me>} {estar} (<text>|<send>)",
    "<cease_de> {ya|por favor|porfavor} (de|con|a|com) {as|os|tantos|tanto|los|las|sus|estos|estas|esos|com} <things>",
    "<cease_de> {ya} los (mensajes|recordatorios|correos|sms)",
    "<cease_de> {ya} de (recibir|receber)",
    "ya estuvo {bueno|suave|bien} {de|con} ... <things>",
    "para de me (mandar|enviar|escrever|cobrar|encher)",
    "<cease> {me} {all|the|with} (texting|messaging|sending|emailing|writing|text|txt|message|messages|messeging|sms)",
    "<cease> {the|these|this|all|your|those|it with the|it with|con los|los} (text|texts|mensaje|"
    "mensajes|mensagem|mensagens|msg|messages|reminders|emails|sms|notifications|spam)",
    "(unsubscribe|unsuscribe|unsubscribing|desuscrib*|desinscrib*|descadastr*|desinscrev*|"
    "dessuscrev*|unsub|desuscriv*)",
    "(opt me out|opt out|opting out|opted out|be opted out)",
    "(dar|darme|darnos|darle|da|dame|den|denme|me de|nos de|deme|des|date|darse|doy|demos|damos|dado|dada|"
    "dan|denos|ponganme|pongan)"
    " {me} (de baja|la baja|baja)",
    "(quiero|deseo|solicito|pido|exijo|necesito|requiero|tramitar|solicitar|pedir|quisiera|"
    "procesar) {mi|la|una|su|de|que}"
    " {inmediata|total} baja {inmediata|ya|porfavor|por favor|definitiva} $",
    "baja {inmediata|definitiva|total} (de|del|a) {la|su|esta|este|estos|sus|mi|el} {numero de}"
    " (lista|sistema|mensajes|servicio|sms|mensaje|recordatorios|numero|telefono|base|suscripcion)",
    "mi baja {porfavor|por favor} $",
    "<erase> {me|nos|meu|mi|my|o meu|el|our|us|this|este} {nombre|number|numero|nome|telefono|"
    "telefone|name} {off|out|fora} {of|de|da|dessa|desta|das|del"
    "|from} {this|that|your|ur|the|la|su|sus|esta|esa|ese|este|tu|all|sua|essa|a|nosso|mailing|"
    "texting|contact|calling} <list>",
    "(bajen*|baje|bajeme|bajame|bajarme) {me} {de|da} {la|su|sus|esta|esa|tu} <list>",
    "me {<erase>} <erase> {de|da|dessa|desta} {la|su|esta|esa|tu} <list>",
    "(saquenme|saqueme|sacame|quitenme|borrenme|eliminenme|take me off|me tira dai|me tirem dai|"
    "borreme|elimineme) {de aqui|ya"
    "|porfavor|por favor|de ahi|de esto} $",
    "(cancel*|suspend*|detener|detengan|detenga|elimin*|desactiv*|deactivate|turn off|apaguen|"
    "bloqueen|quiten|encerrar|encerre)"
    " {de} {la|mi|los|las|el|estos|esos|sus|estas|my|the|these|minha|a|as|os|all|todos los|todas "
    "las|este|o|envio de|de} {envio de}"
    " (mensaje|mensajes|suscripcion|sms|notificaciones|recordatorios|subscription|messages|texts|"
    "assinatura|inscricao|mensagens"
    "|avisos|alertas|reminders|alerts|membresia|lembretes|notificacoes|servicio de mensajes|"
    "servicio de mensajeria)",
    "(sair|salir|salirme|salgo|out|get off|off) {me} (da|de|dessa|desta|desse|of|deste) {la|esta|"
    "esa|su|this|your|the} <list>",
    "(revoco|revogo|revoke|retiro|withdraw|withdrawing|revoking|i do not give|no doy|nao dou|no "
    "les doy) {el|mi|my|meu|o|a|all|any}"
    " (consentimiento|consent|consentimento|autorizacion|autorizacao|permission|permiso|permissao)",
    "<no> (autorizo|consiento|autorizei) {a} {el|o} {uso|envio|recibir|envio de|que} ... <things>",
    "^ (stop|alto) (i|im|you|u|this|that|it|me|now|already|ya|please|porfavor|por favor|it now|doing this) $",
    "^ stop (i|im|you|u|ive|already|ya)",
    "(please|just|said|dije|say|ya|digo|pls|to) stop {it|this|now|please|already} $",
    "alto (a|con|ya|al|los) {los|sus|las|envio de|tantos} {<things>}",
    "me (salgo|quiero salir|quero sair) $",
    "how (do|can) i (stop|cancel) {getting|receiving} (this|these|it|the messages|messages|texts)",
    "como (paro|detengo|cancelo|bloqueo) {de recibir} {estos|los|esto|sus} {<things>}",
    "nao {me} (manda|mande|envia|envie|mandem|enviem) mais",
    "nao me (manda|mande|envia|envie|mandem|enviem) {mais} {nada|isso} $",
)

WIDE_PHRASES = (
    "(end|stop|cease) {all|any|this} {further} (communication*|contact|correspondence)",
    "(absteng*|prohib*|proib*|refrain|cease|desist*|terminate) {terminantemente|que|de|from|"
    "a ustedes|les|all|any|toda|further} {que|de|any|all} {me} (<contact>|<call>|<bother>|"
    "communication*|comunicacion*)",
    "cease and desist",
    "(revoco|revogo|revoke|retiro|withdraw) {el|mi|my|meu|o|all} (consentimiento|consent|"
    "consentimento|autorizacion|permission|permiso) {to be|para ser|de ser|para que me|for|a ser|"
    "to} contact*",
    "<no> {<wish>} {mas|mais|more|any|any more} {recibir|receber|receive} {mas|mais|sus|your|"
    "suas|any|more|any more} (llamadas|ligacoes|calls|phone calls)",
    "<no> {<wish>} {<me>} {<again>} {<me>} (<contact>|<bother>|<call>)",
    "<no> {<wish>} {<again>} {ser|be|that i be} {contactad*|contatad*|contacted|molestad*|called|"
    "bothered|llamad*|incomodad*|perturbad*"
    "|entre*} (contactad*|contatad*|contacted|molestad*|bothered|llamad*|incomodad*|perturbad*|called)",
    "<no> (quiero|deseo|quisiera|quero|want) {ser|be|that i be|to be} (contactad*|contatad*|"
    "contacted|molestad*|bothered|called"
    "|incomodad*|perturbad*)",
    "<no> {<wish>} {<me>} {<again>} (entre|entrem|entrar|entren|get|getting|be|make|ponganse|"
    "pongan|poner) {mais|mas} {em|en|in}"
    " (contato|contacto|contact|touch)",
    "<no> (quiero|deseo|quero|want) {ningun|mas|mais|any|tener|more|any more|further|nenhum|"
    "nenhum tipo de|mas de} (contacto|contato|contact)",
    "<cease_de> {ya|por favor|porfavor} {de|con|a} {estar} {<me>} {estar} (<contact>|<bother>|<call>|mamar|llamadas)",
    "para de me (ligar|incomodar|perturbar|procurar|contatar)",
    "<cease> {me} {all|the|with} (calling|calls|contacting|contact|bothering|harassing|phoning|"
    "annoying|bugging|pestering)",
    "(leave|let) (me|us|my family) {the fuck|tf|the hell} (alone|be)",
    "(dejen|deje|deja|dejenme|dejeme|dejame|dejenos|dejennos|dejar|dejarme|deixe|deixem|deixa|me "
    "deixa|me deixe|me deixem) {ya|me}"
    " {en|em|de} {una vez en} (paz|tranquilo|tranquila|tranquilos)",
    "(dejen|dejenme|dejeme|dejame|dejenos) (vivir|respirar|descansar)",
    "(nadie|ninguem) me (contacte|llame|escriba|ligue|moleste|marque|contate|perturbe)",
    "(por|de|em|in|through|via|by) (ningun|ninguna|nenhum|nenhuma|any|todos los|todas las|todos "
    "os|all) (medio|medios|via|forma|canal"
    "|canales|meio|meios|means|channel|channels|canais|way)",
    "(stop|baja|alto|unsubscribe|opt out) {me} {de|a|from|para|to} (all|todo|todos|tudo|everything)",
    "ni (llamadas|llamen|mensajes|sms|correos) ni (llamadas|mensajes|escriban|sms|correos|llamen|whatsapp)",
    "<erase> {me|todo|todos|all} (el|mi|meu|meus|my|mis|our|este|this|o meu|os meus) <number> "
    "{ya|porfavor|por favor|please|now} $",
    "<erase> {me|todo|todos|all} {el|mi|meu|meus|my|mis|our|este|this|o meu|os meus} <number> "
    "{de|from|da|do} {su|sus|your|la|sua|seu|the|todos sus|all} (base*|database|sistema|system|"
    "cadastro|registro*|records)",
    "<erase> (me|nos) {completamente|ya} {de|from|da} {todas|todos|all} {sus|your|las|su|la|"
    "suas} (bases|listas|base de datos|base de dados"
    "|database|registros|records|datos|lists|sistemas)",
    "(borren*|eliminen*|borreme|elimineme|delete|quiten*|saquen*|saqueme|quiteme|remov*) ... "
    "(base de datos|base de dados|database)",
    "(lose|forget) (my|this) number",
    "(no quiero saber|nao quero saber) {nada|mais} {mas} de (ustedes|voces|you)",
    "(fuck off|piss off|go away|get lost|olvidense de mi|no me jodan|no chinguen|me deixem "
    "quieto|me deixa quieto|larguense)",
    "do not disturb",
)

# Looks like a stop and is none; taken out before the phrases are sought.
EXCEPTIONS = (
    "(no|nao) (quiero|quero|pienso|voy a|vou) (llamar|escribir|marcar|ligar|escrever) {nada|mas|a|le|les}",
    "(i|we) (dont|do not|never) (text|call|message|write) $",
    "no (se|te) molest*",
    "(dar|darme|den|deme|dan|denme) {me} de baja {a|de|en|del} {mi|la|el|los|las|esa|esta} "
    "(deuda|buro|intereses|cargo|cobro|interes)",
    "(no|nao|dont|do not|cant|cannot|never|nunca|wont|didnt|doesnt) (dejen|deje|deja|dejes|paren|"
    "pare|parem|stop|quit|deixe|deixem|dejar|stopped"
    "|unsubscribe|opt out) ... {<text>|<send>|<call>|<contact>|<bother>}",
    "(no|nao) (quiero|voy a|pedi|deseo|solicite|he pedido|quisiera|quero|vou|me) {que} {me} (dar|"
    "darme|darse|den|dar de|dieron|cancelar|sair|salir"
    "|descadastr*|desuscrib*|de|da|dan) {me} {de} {baja|la|da} {lista}",
    "(no|nao) me (quiero|voy a|quero|vou) (dar|salir|sair|desuscrib*|descadastr*) {de} {baja}",
    "(me|lo|la|le|nos|fui|fue) (dieron|dio|dan|dado|dada) {de} baja",
    "(estoy|esta|sigo|ando|estaba) de baja",
    "(dar|darme|darle|den|denme|deme|dame) {me} de baja {a|de|en} {mi|la|el|una|esta|ese|este} "
    "(tarjeta|credito|cuenta|linea|prestamo|seguro"
    "|plastico|contrato)",
    "(dar|darme|den|deme|dame|denme) {me} {una|la} baja (de|en|a) {la|los|el} (tasa|interes|"
    "intereses|cuota|monto|pago)",
    "(stop|stopping) (by|at|in|over|on|payment|charging|off|here|there)",
    "(non|bus|the|a|full|will|ill|can|must|one|truck|traffic|pit) stop",
    "(hable|hablen|hablar|contact|contacte*|contact*|call|llame*|talk|busquen|busque) {con|to|a} "
    "{mi|my|meu|nuestro|our} (abogad*|lawyer|attorney"
    "|advogad*|esposo|esposa|wife|husband)",
)
TIMED_CONTACT = (
    "<no> {<wish>} {<me>} {<again>} {<me>} (<call>|<text>|<contact>|<bother>|<send>) {me|us|"
    "mensajes} ... (hoy|ahora|ahorita|al trabajo"
    "|en el trabajo|a mi trabajo|a la oficina|a la casa|a mi casa|en horas|en horario|en mi "
    "horario|despues|antes|a esta hora|a estas horas|tan"
    " temprano|tan tarde|por la noche|en la noche|de noche|de madrugada|los domingos|los sabados|"
    "los fines|at work|before|after|today|tonight"
    "|during|until|till|hasta|no trabalho|antes|depois|hoje|agora|a noite|so early|so late|this "
    "late|at night|at this hour|on sunday*|on weekend*"
    "|entre|between|mientras|while|when|cuando|em horario|no meu trabalho)",
    "<cease_de> {ya} {de|con} {<me>} (<call>|<text>|<contact>) {me} ... (al trabajo|en el "
    "trabajo|a mi trabajo|a la oficina|tan temprano|tan tarde"
    "|en la noche|de noche|los domingos|despues de|antes de|no trabalho|a mi mama|a mi familia|a "
    "mis familiares|a mi jefe)",
    "<cease> (calling|texting|contacting) {me} {on|during} (at work|before|after|so early|so "
    "late|at night|sunday*|weekend*|my mother|my wife|my boss"
    "|my family|my job)",
)
