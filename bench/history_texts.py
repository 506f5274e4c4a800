"""Texts of a brand's past in six languages: what people write, with words as common as they are.

Most texts say one of a few things about one of many. Rare words are made of syllables, so that an
index has as many of them as it would.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SHARES = {"en": 50, "de": 20, "es": 12, "fr": 8, "pt": 6, "it": 4}
"""Consumers in a hundred who write in a language."""
SAID = {
    "en": (
        "Hello, where is my {thing}? It was not delivered.",
        "Thank you, that solves it.",
        "I would like a refund for the {thing}, please.",
        "The {thing} arrived broken. Can you send a new one?",
        "One moment, I look at your order.",
        "Your {thing} is on its way and will be delivered tomorrow.",
        "Can I change the address of my {thing}?",
        "Is there anything else I can do for you?",
        "Please cancel my {thing} at once.",
    ),
    "de": (
        "Hallo, wo bleibt meine Lieferung mit {thing}?",
        "Vielen Dank, das hat geholfen.",
        "Ich möchte mein Geld für {thing} zurück.",
        "{thing} ist beschädigt angekommen. Schicken Sie Ersatz?",
        "Einen Augenblick, ich sehe nach Ihrer Bestellung.",
        "Ihre Bestellung {thing} ist unterwegs und kommt morgen an.",
        "Kann ich die Adresse für {thing} ändern?",
    ),
    "es": (
        "Hola, ¿dónde está mi pedido de {thing}?",
        "Muchas gracias, ya está resuelto.",
        "Quisiera una devolución por {thing}, por favor.",
        "{thing} llegó roto. ¿Pueden enviar otro?",
        "Un momento, miro su pedido.",
        "Su {thing} llegará mañana.",
    ),
    "fr": (
        "Bonjour, où est ma commande de {thing} ?",
        "Merci beaucoup, c'est réglé.",
        "Je voudrais un remboursement pour {thing}.",
        "{thing} est arrivé cassé.",
        "Votre {thing} sera livré demain.",
    ),
    "pt": (
        "Olá, onde está a minha encomenda de {thing}?",
        "Muito obrigado, está resolvido.",
        "Queria um reembolso por {thing}, por favor.",
        "A sua encomenda {thing} chega amanhã.",
    ),
    "it": (
        "Buongiorno, dov'è il mio ordine di {thing}?",
        "Grazie mille, è risolto.",
        "Vorrei un rimborso per {thing}.",
        "Il suo ordine {thing} arriva domani.",
    ),
}
SYLLABLES = ("ba", "co", "di", "fen", "gal", "ho", "jur", "kel", "lo", "mi", "nar", "pes", "ta")
RARE_WORDS = 4_000
FIRST = ("Jane", "Ali", "José", "Anna", "Lukas", "Marie", "Chen", "Olga", "Sam", "Inês")
LAST = ("Müller", "Smith", "García", "Rossi", "Dubois", "Silva", "Kaya", "Novak", "Ito", "Ferri")


@dataclass(frozen=True)
class MadeText:
    """A text that is said again and again. `place`: among those of its language, from 0."""

    language: str
    place: int
    text: str


def texts(each: int) -> Iterator[MadeText]:
    """Yield so many texts of each language, the same in each run."""
    chance = random.Random(17)
    words = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(RARE_WORDS)]
    for language, said in SAID.items():
        for place in range(each):
            one = words[int(RARE_WORDS * chance.random() ** 3)]
            more = words[int(RARE_WORDS * chance.random() ** 3)]
            text = said[place % len(said)].format(thing=f"{one} {more}")
            yield MadeText(language, place, text)


def names() -> list[str]:
    """Return what consumers are called."""
    return [f"{first} {last}" for first in FIRST for last in LAST]
