"""Words for STOP, START and HELP in six languages, and what may stand around a STOP.

All of them as `domain.text.folding.fold` leaves them.
"""

from collections.abc import Mapping

CARRIERS_STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
)
"""Words the FCC (47 CFR 64.1200(a)(10)) and carriers require; no account can switch them off."""
CARRIERS_START = frozenset({"start", "unstop"})
START_WHILE_OPTED_OUT = frozenset({"yes"})
CARRIERS_HELP = frozenset({"help", "info"})

STOP: Mapping[str, frozenset[str]] = {
    "en": frozenset({"remove", "td"}),
    "de": frozenset({"stopp", "stoppen", "abmelden"}),
    "es": frozenset({"alto", "baja", "cancelar", "detener", "parar", "pare"}),
    "fr": frozenset(
        {"arret", "arrete", "arreter", "arretez", "arrett", "desabonnement", "desabonner"}
        | {"desinscription", "desinscrire"}
    ),
    "it": frozenset({"annulla", "basta", "ferma", "fermare"}),
    "pt": frozenset({"cancelar", "descadastrar", "parar", "pare", "sair"}),
}
"""Words of each language that opt out unless an account switches them off."""
HELP: Mapping[str, frozenset[str]] = {
    "de": frozenset({"hilfe"}),
    "es": frozenset({"ayuda"}),
    "fr": frozenset({"aide"}),
    "it": frozenset({"aiuto"}),
    "pt": frozenset({"ajuda"}),
}

SAME_AS: Mapping[str, str] = {
    "st0p": "stop",
    "stopsms": "stop",
    "unsub": "unsubscribe",
    "unsubcribe": "unsubscribe",
    "unsuscribe": "unsubscribe",
    "unsubscibe": "unsubscribe",
    "stop sms": "stop",
    "stop pub": "stop",
    "unsubscribe me": "unsubscribe",
    "opt me out": "opt out",
    "desabonnez moi": "desabonner",
    "desabonnezmoi": "desabonner",
    "desinscrivez moi": "desinscrire",
    "desinscrivezmoi": "desinscrire",
}
"""Other spellings of words, each with the word it means."""

OF_OTHER_THINGS = frozenset(
    {"cancel", "end", "remove", "td", "alto", "baja", "cancelar", "annulla", "basta", "sair"}
)
"""Words that may also mean something else ("cancel please"); they opt out only when alone."""

POLITE = frozenset(
    {
        *("please", "pls", "plz", "plse", "pleas", "kindly", "thanks", "thx", "tks", "ty"),
        *("thank you", "thank u", "thankyou", "thanks a lot", "thank you very much", "cheers"),
        *(
            "many thanks",
            "and thank you",
            "and thanks",
            "hi",
            "hello",
            "hey",
            "sir",
            "madam",
            "maam",
        ),
        *("bitte", "danke", "danke schon", "dankeschon", "vielen dank", "hallo", "guten tag"),
        *("mfg", "lg", "vg", "viele grusse", "mit freundlichen grussen", "freundliche grusse"),
        *("svp", "stp", "merci", "merci beaucoup", "merci davance", "bonjour", "cordialement"),
        *("sil vous plait", "sil te plait", "silvousplait", "siltp", "s il vous plait"),
        *("por favor", "porfavor", "porfa", "gracias", "muchas gracias", "hola", "saludos"),
        *("obrigado", "obrigada", "muito obrigado", "muito obrigada", "ola", "pf", "pfv"),
        *("per favore", "perfavore", "per piacere", "per cortesia", "grazie", "grazie mille"),
        *("ciao", "buongiorno"),
    }
)
"""Polite words that may stand around a keyword."""
URGENT = frozenset(
    {
        *("now", "right now", "immediately", "asap", "at once", "all", "forever"),
        *("sofort", "jetzt", "alle", "maintenant", "immediatement", "tous"),
        *("ya", "ahora", "ahora mismo", "todos", "agora", "ja", "subito", "ora", "adesso", "tutti"),
    }
)
"""Urgent words that may stand around a STOP."""
AS_TOLD = frozenset(
    {
        *(f"{to} {what}" for to in ("to", "2") for what in ("end", "quit", "cancel", "stop")),
        *(f"{to} {what}" for to in ("to", "2") for what in ("unsubscribe", "opt out", "optout")),
        *("reply", "reply with", "text", "txt", "send"),
        *("repondre", "repondez", "envoyer", "envoyez", "antworten", "sende", "senden sie"),
        *("responder", "responda", "responde", "envia", "envie", "rispondi", "invia"),
    }
)
"""Words around the keyword in our own texts, which consumers repeat: "Reply STOP to end"."""

SIGNATURES = frozenset(
    {
        *("sent from", "sent via", "sent with", "sent using", "get outlook for"),
        *("von meinem", "gesendet von", "gesendet mit", "von meiner"),
        *("envoye de", "envoye depuis", "envoye a partir", "telechargez outlook pour"),
        *("enviado desde", "enviado do", "enviado de", "enviado a partir", "enviado pelo"),
        *("inviato da", "inviato dal", "obtener outlook para", "scarica outlook per"),
    }
)
"""Beginnings of the signature that a phone adds to each text."""
