"""Classes of words about paying that promises and paid claims share."""

CLASSES = {
    "finite": (
        "pago|pagamos|pagare|pagaremos|pagarei|deposito|depositamos|depositare|depositaremos|depositarei|"
        "transfiero|transferire|transfiro|transferirei|abono|abonare|abonamos|liquido|liquidare|liquidarei|"
        "liquidamos|cubro|cubrire|cubrimos|cancelo|cancelare|cancelamos|consigno|consignare|giro|girare|"
        "saldare|quito|quitarei|acerto|acertarei|regularizo|regularizare|regularizarei|finiquito|finiquitare|"
        "cumplo|cumplire|cumplimos|aporto|aportare|entrego|completo|completare|dare|doy|mando|mandare|envio|"
        "enviare|mandarei|enviarei|adelanto|pongo|pondre|paguare|pagaria|pagaremo"
    ),
    "inf": (
        "pagar|pagarle|pagarles|pagarte|pagarlo|pagarla|pagarlos|pagarselo|pagarselos|pagarme|depositar|"
        "depositarle|depositarles|depositarlo|transferir|transferirle|transferirles|abonar|"
        "abonarle|abonarles|"
        "liquidar|liquidarlo|liquidarla|cubrir|cubrirlo|cancelar|cancelarle|cancelarles|"
        "cancelarlo|cancelarla|"
        "consignar|saldar|saldarlo|quitar|acertar|regularizar|regularizarme|finiquitar|cumplir|cumplirles|"
        "aportar|entregar|completar|dar|darle|darles|mandar|mandarle|mandarles|enviar|enviarle|enviarles|"
        "adelantar|poner|ponerme|ponernos|girar|estar pagando|estar depositando|pagando|depositando|abonando|"
        "liquidando"
    ),
    "noun": (
        "pago|pagos|deposito|transferencia|abono|pagamento|spei|pix|giro|ted|payment|transfer|deposit|dinero|"
        "dinheiro|money|boleto|consignacion|liquidacion|acerto|parcela|parcelas|deuda|divida|"
        "cuota|mensualidad"
    ),
    "do": (
        "hago|hare|haremos|hacemos|realizo|realizare|efectuo|efectuare|faco|farei|fazemos|realizarei|efetuo|"
        "realizaremos|mando|envio|mandare|enviare|tendran|tendra|tienen|tera|terao"
    ),
    "to_do": "hacer|hacerle|hacerles|realizar|realizarles|efectuar|fazer|efetuar|mandar|enviar",
    "modal": (
        "quedo en|quede de|quedamos en|quedo de|quede en|quedamos de|voy a|vamos a|vou|vamos|"
        "irei|iremos|puedo|podemos|podre|podremos|posso|consigo|conseguirei|poderei|"
        "quiero|queremos|quero|planeo|pretendo|me comprometo a|nos comprometemos a|comprometo a|"
        "me comprometo "
        "em|comprometo em|prometo|prometo que|le prometo|les prometo|alcanzo a|paso a|pasare a|pasamos a|"
        "estare|estaremos|estarei|vo|vou estar|voy a estar|vamos a estar|vou poder|voy a poder|cuento con|"
        "pasar a|vou ai|logro|estoy dispuesto a|estoy por|pienso|vou ter como"
    ),
    "clitic": (
        "le|les|te|se|lo|la|los|las|se lo|se los|se la|se las|lhe|lhes|me|os|as|o|a|eu|yo|ya|ja|nos|tambien|"
        "tambem|ahi|alli|si|sim|mesmo|mismo"
    ),
    "we": "i|we|ill|well|il|im|were|ive|id|my husband and i",
    "pay_en": (
        "pay|paying|send|sending|deposit|depositing|transfer|transferring|settle|settling|cover|"
        "clear|catch up|"
        "get caught up|bring|make|making|submit|wire|drop off|get you|give|take care of|be paying|be sending|"
        "be making|mail|put|be able to pay|zelle"
    ),
    "past": (
        "pague|pagamos|deposite|transferi|abone|liquide|cubri|cancele|consigne|gire|salde|paguei|depositei|"
        "quitei|acertei|liquidei|regularice|regularizei|mande|envie|mandei|enviei|finiquite"
    ),
    "paid": (
        "pagad*|pago|paga|pagos|cubiert*|liquidad*|depositad*|saldad*|quitad*|abonad*|cancelad*|transferid*|"
        "paid|settled|acertad*|consignad*|sent|deposited|transferred|enviad*|mandad*|hecho|hecha|realizad*|"
        "efectuad*|feito|feita|finiquitad*|regularizad*|cubrido"
    ),
    "proof": (
        "comprobante|comprobantes|comprovante|comprovantes|recibo|recibos|voucher|ticket|baucher|boucher|"
        "receipt|proof of payment|captura del pago|foto del pago|screenshot"
    ),
}
