"""Classes of words that the phrases about persons and holds share."""

CLASSES = {
    "no": "no|nao|nunca|jamas|dont|do not|not|never|tampoco|isnt|arent|wasnt|didnt|did not",
    "debt": (
        "deuda|deudas|adeudo|cuenta|credito|prestamo|cargo|cobro|compra|saldo|divida|dividas|emprestimo|"
        "credito|compra|conta|debito|cobranca|debt|loan|account|charge|bill|balance|purchase|credit|tarjeta|"
        "contrato|monto|financiamento|prestamos|creditos|contract"
    ),
    "sum": (
        "monto|cantidad|cobro|saldo|importe|interes|intereses|total|calculo|cargo|cuenta|valor|juros|amount|"
        "balance|charge|total|sum|interest|mensualidad|pago|cuota|parcela|montante|fee|fees"
    ),
    "wrong": (
        "mal|equivocad*|incorrect*|errad*|erroneo|erronea|wrong|false|mistaken|inflated|equivocados|inflado|"
        "falso|injusto"
    ),
    "person": (
        "persona|pessoa|person|senor|senora|senhor|senhora|man|woman|guy|lady|cliente|titular|fulano|individuo|"
        "hombre|mujer"
    ),
    "phone": "numero|telefono|celular|cel|numeros|number|phone|telefone|linea|whatsapp|cell|line",
}
