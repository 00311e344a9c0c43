"""Classes of words about contacting people that the phrases of stops share."""

CLASSES = {
    "no": "no|nao|nunca|jamas|dont|do not|never|tampoco|no longer",
    "me": "me|nos|le|les|lo|la|se|a mi|my|us|mi|us",
    "wish": (
        "quiero que|quisiera que|deseo que|quiero|quisiera|deseo|autorizo que|autorizo a que|"
        "autorizo|autorice "
        "que|permito que|acepto que|acepto|necesito que|quero que|desejo que|quero|desejo|"
        "autorizo vc|want you "
        "to|want|wish to|want to|you|you ever|ever|please|porfavor|por favor|you dare|need you to|you people"
    ),
    "again": (
        "vuelva* a|volver a|vuelvan|siga*|sigan|esten|este|estar|continue*|continuem|fiquem|fique|fica|ficar|"
        "ande*|anden|anda|torne* a|keep|ever|mais|mas|ya|por favor|porfavor|favor de|favor"
    ),
    "text": (
        "escriba|escriban|escribas|escriva|escrivan|escribir|escribirme|escribirnos|escribirle|escribiendo|"
        "escribiendome|escreva|chame|chamem|escrevam|escrever|texteen|text*|messag*|write|"
        "writing|mensajeen|mensajear|"
        "whatsappeen|notifiquen|notificar"
    ),
    "send": (
        "mande|manden|mandes|mandar|mandarme|mandarnos|mandando|mandandome|envie|envien|envies|"
        "enviar|enviarme|"
        "enviarnos|enviando|enviandome|mandem|enviem|manda|mandenme|envia|send|sending|forward*|"
        "remitan|remitir"
    ),
    "call": (
        "llame|llamen|llames|llamar|llamarme|llamarnos|llamando|llamandome|marque|marquen|marques|marcar|"
        "marcarme|marcando|marcandome|ligue|liguem|ligar|ligando|liga|telefone*|call|calling|phone|phoning|"
        "ring|ringing|hablen"
    ),
    "contact": (
        "contacte|contacten|contactes|contactar|contactarme|contactarnos|contactando|contactandome|contate|"
        "contatem|contatar|contactem|contato|contact|contacting|comuniquen|comunique|comunicarse|comunicarme|"
        "procure|procurem|procurar|busque|busquen|buscar|buscarme|buscando|localicen"
    ),
    "bother": (
        "moleste|molesten|molestes|molestar|molestarme|molestando|molestandome|insista|insistan|insistir|"
        "insistiendo|acosar|acosarme|acosando|acosen|acose|hostigar|hostigarme|hostigando|"
        "hostiguen|fastidien|"
        "fastidiar|fastidiando|fastidiarme|joder|jodan|joda|jodiendo|chingar|chinguen|chingues|chingando|"
        "perturbe|perturbem|perturbar|perturbando|incomode|incomodem|incomodar|incomodando|perturbarme|"
        "importunen|importunar|encher|bother*|harass*|spam|spamming|disturb*|annoy*|pester*|"
        "hound*|bug|bugging"
    ),
    "things": (
        "mensaje|mensajes|mensajeria|sms|whatsapp|whatsapps|recordatorio*|correo|correos|email|emails|mail|"
        "mails|notificacion|notificaciones|aviso|avisos|cobro|cobros|cobranza|texto|textos|text|texts|"
        "publicidad|spam|nada|mensagem|mensagens|lembrete|lembretes|cobranca|cobrancas|message|messages|"
        "messaging|reminder|reminders|anything|shit|crap|stuff|llamada|llamadas|ligacao|ligacoes|calls|"
        "notification|notifications|alerts|alertas|these|this|esto|isso|eso|estas cosas|"
        "tonterias|notificacoes|"
        "avisinhos|comunicaciones|communications|correspondence|contacto|contato"
    ),
    "cease_de": (
        "dej*|paren|paren ya|pare|para|parem|parar|cesen|cese|evite|eviten|basta|chega|parenle|parele|parale|"
        "podria dejar|podrian dejar|ya dejen|deixem|deixe|alto"
    ),
    "cease": "stop|quit|cease|stop with|stop all|please stop|knock off|refrain from|stops|stopped|end",
    "list": (
        "lista|listas|list|lists|base|sistema|contactos|grupo|database|system|directorio|registro|registros|"
        "cadastro|contatos|agenda|campana|records|datos|mailing"
    ),
    "erase": (
        "saquen*|saqueme|saqueme|sacame|sacarme|saquenos|quiten*|quiteme|quitame|quitarme|borren*|borreme|"
        "borrame|borrarme|borrar|eliminen*|elimineme|eliminame|eliminarme|eliminar|remuevan*|"
        "remover*|remove*|"
        "take|taken|delete|erase|tira|tire|tirem|tirar|exclua|exclui|excluam|excluir|retiren*|"
        "retireme|retirarme|"
        "excluyan*|excluyame|apague|apaguem|apagar|remova|removam|elimine|eliminem|saque|quite|borre|"
        "desactiven|drop|elimina|borra|quita"
    ),
    "number": (
        "numero|telefono|celular|cel|number|phone|telefone|datos|dados|contacto|info|information|nombre|nome|name|cell"
    ),
}
