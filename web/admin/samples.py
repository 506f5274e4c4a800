"""What consumers write in previews, in the languages that have texts of their own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsumerSample:
    """What an invented consumer writes."""

    request: str
    yes: str
    comment: str


ENGLISH = ConsumerSample("Hi, where is my order?", "Yes", "Quick and friendly")
SAMPLES = {
    "en": ENGLISH,
    "de": ConsumerSample("Hallo, wo ist meine Bestellung?", "Ja", "Schnell und freundlich"),
    "fr": ConsumerSample("Bonjour, où est ma commande ?", "Oui", "Rapide et aimable"),
    "es": ConsumerSample("Hola, ¿dónde está mi pedido?", "Sí", "Rápido y amable"),
    "pt": ConsumerSample("Olá, onde está a minha encomenda?", "Sim", "Rápido e simpático"),
    "it": ConsumerSample("Ciao, dov'è il mio ordine?", "Sì", "Rapidi e gentili"),
}


def sample(language: str) -> ConsumerSample:
    """Return what a consumer writes in a language, in English where no sample exists."""
    return SAMPLES.get(language.partition("-")[0], ENGLISH)
