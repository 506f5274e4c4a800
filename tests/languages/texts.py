"""Consumers' texts, from which the thresholds of recognition were chosen."""

CLEAR = {
    "en": [
        *("hello there", "thanks!", "ok thank you", "yes please", "is anyone there??"),
        *("where is my order?", "My parcel hasn't arrived yet", "how much is shipping"),
        *("can I return the blue jacket", "what time do you open tomorrow", "pls call me back"),
        *("I was charged twice on my card", "Good morning, I need help with my bill"),
        *("u there? order 4821 still not here", "CANCEL MY APPOINTMENT FOR MONDAY"),
    ],
    "de": [
        *("Danke", "Danke schön!", "guten Tag", "ja bitte", "nein danke", "alles klar"),
        *("wo bleibt mein Paket?", "Meine Bestellung ist noch nicht da", "das ist viel zu teuer"),
        *("Kann ich die Jacke umtauschen", "Wann haben Sie morgen geöffnet?"),
        *("ich brauche hilfe bei meiner rechnung", "Ich moechte meinen Termin absagen"),
        *("Bitte rufen Sie mich zurück 😀", "Die Lieferung 4821 kam beschädigt an"),
    ],
    "fr": [
        *("bonjour", "Merci", "merci beaucoup", "oui", "non merci", "d'accord", "bonne journée"),
        *("où est ma commande ?", "Je n'ai pas reçu mon colis", "c'est trop cher"),
        *("Puis-je échanger la veste", "A quelle heure ouvrez-vous demain", "rappelez moi svp"),
        *("j'ai besoin d'aide pour ma facture", "je voudrais annuler mon rdv"),
        *("slt vous etes ouvert dimanche ?", "Le colis 4821 est arrivé abîmé"),
    ],
    "es": [
        *("hola", "¡Hola!", "gracias", "buenos días", "buenas tardes", "si por favor"),
        *("donde está mi pedido?", "No he recibido mi paquete", "es muy caro"),
        *("Puedo cambiar la chaqueta", "A qué hora abren mañana", "quiero cancelar mi cita"),
        *("necesito ayuda con mi factura", "llamame por favor", "El pedido 4821 llegó roto"),
    ],
    "pt": [
        *("bom dia", "boa tarde", "obrigado", "muito obrigada", "não obrigado", "é muito caro"),
        *("onde está o meu pedido?", "Não recebi a minha encomenda", "Posso trocar o casaco"),
        *("A que horas abrem amanhã", "preciso de ajuda com a minha fatura"),
        *("quero cancelar a minha consulta", "vcs estão abertos domingo?"),
        *("O pedido 4821 chegou quebrado",),
    ],
    "it": [
        *("ciao", "grazie", "grazie mille", "buongiorno", "sì grazie", "va bene", "no grazie"),
        *("dov'è il mio ordine?", "Non ho ricevuto il pacco", "è troppo caro"),
        *("Posso cambiare la giacca", "A che ora aprite domani", "mi richiami per favore"),
        *("ho bisogno di aiuto con la fattura", "vorrei annullare l'appuntamento"),
        *("L'ordine 4821 è arrivato rotto",),
    ],
    "nl": ["waar is mijn bestelling?", "Ik heb mijn pakket nog niet ontvangen"],
    "pl": ["dzień dobry", "gdzie jest moje zamówienie?", "Czy mogę wymienić kurtkę"],
    "sv": ["tack så mycket", "var är min beställning?"],
    "tr": ["teşekkürler", "siparişim nerede?"],
    "ro": ["Nu am primit coletul"],
    "ru": ["где мой заказ?"],
    "uk": ["де моє замовлення?"],
    "ar": ["أين طلبي؟"],
    "vi": ["đơn hàng của tôi ở đâu"],
    "zh": ["我的订单在哪里", "你好"],
}

UNCLEAR = [
    *("", " ", "?", "!!!", "a", "no", "ok", "OK", "ja", "si", "hi", "hallo", "vale", "oi", "lol"),
    *("👍", "👍👍😀", "❤️", "5", "4821", "12:30", "+1 555 010 0001", "SKU 12-AB", "iPhone 15"),
    *("https://acme.example/danke/schoen", "www.acme.example", "ann.smith@acme.example"),
    *("asdf", "super", "Taxi", "Berlin", "Ann", "Peter Müller", "\x00\x00\x00\x00", "\ud83d xyz w"),
]

SHORT_AND_MISSED = [
    ("en", "great service"),
    ("de", "mfg Peter"),
    ("pt", "me liga por favor"),
    ("ru", "привет"),
    ("da", "Jeg vil gerne"),
]
"""Texts too short or too close to a related language: no result is better than a guess."""

MIXED = [
    ("Hola, where is my order? I have been waiting for two weeks", "en"),
    ("Bitte um Rückruf, thanks", "de"),
    ("order status? merci de me répondre au plus vite", "fr"),
]
