"""What holds further sends: threats, deaths, minors, lawyers, disputes and hardship, the gravest first."""

from campaigns.replies.meaning import HoldReason

HOLDS: dict[HoldReason, tuple[str, ...]] = {
    HoldReason.THREAT: (
        "(me|nos) (voy|vou|quiero|quero|vamos) {a} (matar|suicidar|quitar la vida|morir|colgar|ahorcar)",
        "(voy|vou|quiero|quero|pienso|penso|vontade de|ganas de) {a|em|en} (matarme|me matar|"
        "suicidarme|morirme|morir|morrer|quitarme la vida"
        "|tirar minha vida|desaparecer|ahorcarme|colgarme)",
        "(suicid*|quitarme la vida|me quito la vida|me mato|me suicido|acabar con mi vida|acabar "
        "con todo|terminar con mi vida|tirar a minha vida"
        "|tirar minha vida|acabar com a minha vida|acabar com minha vida|end my life|end it all|"
        "kill myself|killing myself|hurt myself|harm myself"
        "|take my own life|take my life|better off dead|hacerme dano|cortarme las venas|me me "
        "quiero morir|me quiero morir|me quero morrer|unalive)",
        "{ya} (no|nao|dont|do not) (quiero|quero|tengo ganas de|want to|aguanto|aguento|vale la "
        "pena) {mas|mais|seguir} (vivir|viver|viviendo|live"
        "|seguir viviendo|be alive|vivendo|be here anymore)",
        "(i|i just|just) (want to|wanna|going to|gonna) die",
        "(los|las|te|le|les|lo|la|os|vos) (voy a|vamos a|vou|vo) (matar|partir|quebrar|golpear|"
        "romper|madrear|quemar|encontrar|balear|chingar|bater)",
        "(voy a|vou|vamos a) (matar|matarlos|matarte|matarle|quemar|quemarles|te matar|matar "
        "voce|matar voces|golpearlos|partirte|partirles|quebrarte"
        "|romperte|romperles|te bater|te quebrar|te pegar)",
        "(kill|shoot|burn|hurt|beat) (you|u|your|them|somebody|someone|ya)",
        "(se donde|sabemos donde|ya se donde|sei onde|i know where) (vive*|trabaja*|estas|estan|"
        "voce|voces|you|mora|ustedes|esta)",
        "(se van a arrepentir|te vas a arrepentir|les va a pesar|vao se arrepender|vai se "
        "arrepender|you will regret|youll regret|tengan cuidado con|los"
        " mando matar|pongo una bomba|poner una bomba|bomba|bomb|tengo una pistola|traigo pistola)",
    ),
    HoldReason.DECEASED: (
        "{ya} (fallecio|fallecido|fallecida|falleci*|falecid*|faleceu|falec*|morreu|difunt*|"
        "finad*|deceased|passed away|passed on|defuncion|esquela"
        "|obito|sepelio|funeral|velorio|luto|viud*|viuv*|widow*|q e p d|qepd|rip)",
        "{se} (murio|murieron|ha muerto|esta muerto|esta muerta|estan muertos|died|is dead|has "
        "died|esta morto|esta morta)",
        "(ya no esta con nosotros|nao esta mais entre nos|descansa en paz|descanse en paz|"
        "descanse em paz|rest in peace|no longer with us|dejo de existir)",
    ),
    HoldReason.MINOR: (
        "(soy|sou|somos) {un|una|um|uma} (menor|menores|nino|nina|crianca)",
        "(soy|sou) {de} menor",
        "(im|i am) {a|only a|just a} (minor|kid|child|underage)",
        "(tengo|tenho|tengo solo|tenho so) {solo|apenas|so} (9|10|11|12|13|14|15|16|17) (anos|anios)",
        "(im|i am) {only|just} (9|10|11|12|13|14|15|16|17) {years|yrs|yo|y}",
    ),
    HoldReason.LAWYER: (
        "(abogad*|lawyer*|attorney*|advogad*|licenciado que me|defensor publico|defensoria|legal "
        "counsel|representacion legal|apoderado legal|solicitor"
        "|legal representative|representante legal)",
    ),
    HoldReason.DISPUTE: (
        "(no|nao) (soy|sou) {yo|eu|el|la|o|a} (responsable|responsavel|deudor*|devedor*|moros*|"
        "quien debe|quem deve|el que debe|avalista)",
        "(no|nao) (estoy|estou|estamos) {nada} de (acuerdo|acordo)",
        "(nao concordo|i disagree|do not agree|dont agree|no concuerdo|no acepto {los|el|esos|ese|la|tus|sus} <sum>)",
        "(verify|validate|verifiquen|verificar) {this|the|my|esa|este|la|mi} <debt>",
        "(usurer*|ladron*|agiota*|abusadores|abusivos|corruptos)",
        "(no|nao|nunca|jamas) {yo|eu} {les|le|te|lhes|lhe|los|se los|as|os|a} (debo|devo|adeudo|"
        "debemos|devemos|debia) {yo|eu|les|le} (nada|eso|esa|ese|esto"
        "|ningun*|dinero|isso|essa|esse|a ustedes|a voces|a nadie|tanto|tudo|nenhum*|ni un|"
        "dinheiro|a vcs|ninguem|el|la|lo|a|plata|$)",
        "(yo|eu) (no|nao) {les|le|te} (debo|devo|adeudo) $",
        "{i} (dont|do not|never) owe",
        "(no|nao|never|dont|do not|nunca|didnt|did not) {yo} {lo|la} (reconozco|reconocemos|"
        "reconheco|recognize|recognise|acepto|aceito|authorize*) {el|la|ese|esa"
        "|este|esta|esse|essa|a|o|ningun|ninguna|this|that|the|any|nenhum*|tal|dicho|dicha} "
        "{supuesta} <debt>",
        "(no|nunca|jamas|nao) (lo|la|los|las|o|a) {he} (pedi*|solicit*|saque|sacado|contrat*|"
        "firm*|tome|autori*|hice|reconozco|acepto|fiz|peguei)",
        "<debt> (no|nao|not|isnt|is not) {es|e} {la|el|a|o} {mia|mio|minha|meu|mine|my|reconozco}",
        "(no|nao|isnt|not|is not) {es|e|sao|son} {la|el|a|o} (mia|mio|minha|meu|mine|mi <debt>|"
        "minha divida|my <debt>|responsabilidad mia)",
        "(no|nao) (es|e|son) (mi|meu|minha|mis) <debt>",
        "(no|not|isnt|aint) my <debt>",
        "(nunca|no|nao|jamas|never|didnt|did not|yo no) {yo|eu|he|i|les|ever|have} {he|les} "
        "(pedi|pedido|saque|sacado|solicite|solicitado|contrate|contratado"
        "|firme|firmado|tome|tomado|compre|comprado|fiz|contratei|pedi|solicitei|assinei|"
        "peguei|comprei|took|take|applied|apply|signed|sign|borrowed"
        "|borrow|asked|opened|requested|autorice|obtuve|tuve) {out|for|a|any|un|una|ese|esa|este|"
        "esta|esse|essa|ningun|ninguna|nenhum|nenhuma|that|this|the|el"
        "|la|o|nada|um|uma|from} {such|tal} {any|you|<debt>}",
        "(no|nao|dont|do not|never|nunca) (tengo|tenho|have|had|tuve|he tenido|tive) {ya|any|a|"
        "an|ningun|ninguna|nenhum|nenhuma|un|una|um|uma|mais|mas} <debt>"
        " {con|pendiente|com|with|ahi|alli|aqui}",
        "(fraude*|fraudulent*|estafa*|estafador*|golpe|golpista*|fraud|scam|scams|scammer*|"
        "scamming|robo de identidad|robaron la identidad|robaron mi identidad"
        "|identity theft|stole my identity|stolen identity|usaron mis datos|usaron mi nombre|"
        "usaram meus dados|usaram meu nome|suplant*|phishing|engano del"
        "|clonaron|clonaram|ladrones|rateros)",
        "(me|nos) (estan|esta|andan|estao|siguen) {a} (cobrando|robando|cobrar|estafando) {de "
        "mas|a mais|doble|algo|lo que|dos veces|demas|mas|por|intereses"
        "|duas vezes|un}",
        "(cobr*|charg*|bill*) ... (de mas|demas|a mais|errad*|mal|equivocad*|incorrect*|wrong|"
        "wrongly|indebid*|indevid*|doble|dos veces|duas vezes|twice|overcharg*|too much|injust*|"
        "en dobro|de nuevo)",
        "(overcharg*|double charged|usura|agiotagem|cobro indebido|cobranca indevida|cobros excesivos)",
        "<sum> {es|esta|is|e|estan|que me cobran es|se me hace|are|esta todo|me parece|no es|nao "
        "e|nao esta} {muy|all|todo} <wrong>",
        "<wrong> <sum>",
        "(no|nao|not|isnt|doesnt) (es|e|coincide|cuadra|esta|is|the|concuerda|match|bate) {lo|el|"
        "o|la|con|the|bien|correcto|a} (correct*|corret*|right <sum>|<sum>"
        "|que debo|que devo|lo que|mis|what|cierto)",
        "(eso|ese|esa|that|this|thats|isso) {saldo|monto|amount|valor|is|es|e} (no|nao|not) {es|"
        "e|is} {lo|el|what|o|the} (que debo|que devo|correct*|corret*|i owe|cierto"
        "|right|real|justo|verdad|debo)",
        "(i|we|want to|quiero|quero|voy a) {want to|to} (dispute|disputing|contest|disputar|"
        "impugnar|contestar|desconocer|reclamar|objetar)",
        "(dispute|disputing|disputed|impugno|desconozco|contesto) {the|this|that|el|la|ese|esa|"
        "este|esta|my|all} {<debt>}",
        "(aclaracion|aclarar|reclamo|reclamacion|reclamacao|inconformidad|inconforme|queja|"
        "quejarme|denuncia|denunciar*|denunciando|demanda|demandar*|demando"
        "|processar|processo|reclamar|complaint|complain|sue|suing|lawsuit|report you|reporting "
        "you|acoso|hostigamiento|harassment|harassing|amenaz*|threaten*|assedio|abuso|abusiv*"
        "|ouvidoria|condusef|profeco|procon|indecopi|sernac|superfinanciera|superintendencia|"
        "cfpb|attorney general|bbb|reclame aqui|bacen|consumidor financiero"
        "|defensa del consumidor|fiscalia|policia|police|ministerio publico|ftc|delegacia|"
        "boletim de ocorrencia)",
        "(no fui yo|nao fui eu|wasnt me|it was not me|alguien mas lo|otra persona lo|me hackearon)",
        "(prescrit*|prescribi*|prescrev*|statute of limitations|validation of {the|this} debt|"
        "validate {the|this} debt|prove {it|the debt|i owe})",
    ),
    HoldReason.HARDSHIP: (
        "(sin|sem|no tengo|nao tenho|perdi {mi|el|meu|o}|lost my|out of|no|without|quede sin|"
        "busco|ya no tengo|perdio su|perdio el) (trabajo|empleo|emprego|job|jobs|work|chamba"
        "|trabalho|laburo|empleos|ingresos|income|sueldo|salario)",
        "(desemplead*|desempregad*|unemployed|laid off|got fired|was fired|despidieron|despidio|"
        "me corrieron|me han despedido|demitid*|mandado embora|mandada embora|cesante|parado"
        "|desocupad*|liquidaron del trabajo|let me go|me dieron de baja|fui despedid*|recorte de personal)",
        "(no|nao|dont|do not|sin|sem|without|aint|havent|ni|cero|0) {tengo|tenho|hay|tem|cuento "
        "con|traigo|have|got|dispongo de|ando con|de} {got|any|el|the|ya|mas|para|nada de|o|"
        "suficiente}"
        " (dinero|dinheiro|plata|lana|money|feria|recursos|fondos|efectivo|grana|funds|varo|luz|"
        "cash|con que|con que pagar|como pagar|para pagar|para comer|pra pagar|com que"
        "|capacidad|condicoes|condiciones|solvencia|un peso|ni un peso|un centavo|ni para|nem para)",
        "(no|nao) tengo para (pagar|comer|los|la)",
        "(afford it|cant afford|no me alcanza|no nos alcanza|no alcanzo|no alcanza|broke|im poor|"
        "nao da pra pagar|nao da para pagar|nao tem como pagar|no hay manera de pagar|no hay "
        "forma de pagar"
        "|imposible pagar|impossivel pagar|struggling|no me ha ido bien|dificil pagar|no "
        "completo|no ajusto|no la estoy pasando bien|nao vai dar pra|nao vai dar para|apertado "
        "de dinheiro)",
        "(enferm*|hospital*|internad*|cancer|cirugia|cirurgia|operaron|operacion|operar|"
        "accidente*|acidente*|accident|incapacitad*|incapacidad|discapacidad|surgery|sick|"
        "illness|disabled|disability|doente"
        "|chemo|quimio*|diabetes|dialisis|embarazo de riesgo|depresion|depressao|depression|"
        "covid|im ill|very ill|terminal|uti|uci)",
        "(quiebra|insolven*|bankrupt*|concurso mercantil|concurso de acreedores|falencia|falido|"
        "chapter 7|chapter 13|embargad*|recuperacao judicial|superendividad*|sobreendeud*|"
        "arruinad*)",
        "(crisis|situacion (dificil|complicada|economica)|situacao (dificil|complicada|"
        "financeira)|dificultades economicas|dificultad economica|problemas economicos|problemas "
        "financieros|problemas de dinero"
        "|dificuldade financeira|dificuldades financeiras|passando dificuldade|passando "
        "dificuldades|pasando por un mal|momento dificil|financial hardship|hardship|hard times|"
        "hard time|tough time|financial"
        " trouble|financial difficulties|apurad* de dinero|muy apretad*|estoy gastad*|ando "
        "gastad*|mal economicamente|no la libro)",
        "(huracan|inundacion|inundo|incendio|temblor|terremoto|sismo|enchente|furacao|hurricane|"
        "flood|house fire|desastre)",
        "(me robaron|me asaltaron|fui assaltad*|me roubaram|i was robbed|perdi mi casa|perdi "
        "todo|perdi tudo|lost everything)",
    ),
}

# Hardship as well, unless a day is promised with it.
CANNOT_PAY = (
    "(no|nao|tampoco) {les|le|lo|te|los|se los|me|se} (puedo|podre|podremos|podemos|voy a poder|"
    "he podido|consigo|posso|vou conseguir|conseguirei|pude|vou poder|hemos podido|podria)"
    " {yo|ahorita|ahora|ahora mismo|hoy|aun|todavia|seguir|hoje|agora|mais|mas|realizar|hacer|"
    "cumplir|nem} {el|o|un|con el} (pagar*|pago|pagos|pagamento|cubrir*|abonar*"
    "|depositar*|liquidar*|cancelar*|cumplir|quitar|transferir*|solventar|pagando|dar|arcar)",
    "(cant|can not|cannot|couldnt|unable to|wont be able to|not able to|not going to be able to|"
    "dont have enough to|never be able to) {really|even|to|possibly} {make} {the|a|my|any} (pay*|"
    "afford*"
    "|payment*|cover*)",
)

ARRANGEMENT = (
    "(pagar|pay) {un poco|a little} (menos|less)",
    "(puedo|posso|can i|se puede|podria|podemos|could i|puede ser) (pagar|pay|dar|abonar|"
    "depositar|pay you) {en|solo|la|una|in|em|a|por|just} {la|una} (partes|mitad|parte|"
    "parcialidades|half|installments|parcelas|poquito|pagos|abonos|metade)",
    "(prorroga|convenio|reestructura*|reestructuracion|refinanci*|plazo|plazos|mas tiempo|mais "
    "tempo|mais prazo|prazo|payment plan|extension|more time|payment arrangement|arrangement|"
    "work something out"
    "|installment plan|parcelar|parcelamento|renegoci*|negociar|negociacion|negotiate|acuerdo de "
    "pago|plan de pago|plan de pagos|settlement|facilidades|condonacion|condonar*"
    "|diferir|aplazar|adiar|postergar|reprogramar|acordo|chance|tregua|oportunidad)",
    "(me|nos) {puede|pueden|podria*|pode|podem} (espera|esperan|esperar|esperen|espere|aguanta|"
    "aguantan|aguantar|da|dan|dar|dao) {unos|hasta|a|al|ate|mas|uns|tiempo|chance|otros|otro|"
    "para} {dias|tiempo|el|la}",
    "(deme|denme|dame|esperenme|espereme|esperame|aguanteme|aguantenme|me espera|me esperan|me "
    "da|give me) {unos|otros|a few|some|uns|mas|otro|another|a|un|una}"
    " {mas|more|few|poco} {de} (dias|days|tiempo|time|week|weeks|semana|semanas|dia|tempo)",
    "(deme|denme|dame|esperenme|espereme|esperame|aguanteme|aguantenme|me espera|me esperan) "
    "{hasta|al|a|ate|until|para} (el|al|la|hasta|ate|until)",
)
