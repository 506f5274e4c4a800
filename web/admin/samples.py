"""What consumers write in previews, in the languages that have texts of their own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """Words of an invented consumer."""

    request: str
    yes: str
    comment: str


ENGLISH = Sample("Hi, where is my order?", "Yes", "Quick and friendly")
SAMPLES = {
    "en": ENGLISH,
    "de": Sample("Hallo, wo ist meine Bestellung?", "Ja", "Schnell und freundlich"),
    "fr": Sample("Bonjour, où est ma commande ?", "Oui", "Rapide et aimable"),
    "es": Sample("Hola, ¿dónde está mi pedido?", "Sí", "Rápido y amable"),
    "pt": Sample("Olá, onde está a minha encomenda?", "Sim", "Rápido e simpático"),
    "it": Sample("Ciao, dov'è il mio ordine?", "Sì", "Rapidi e gentili"),
}


def sample(language: str) -> Sample:
    """Return what a consumer writes in a language, in English where we do not speak it."""
    return SAMPLES.get(language.partition("-")[0], ENGLISH)
