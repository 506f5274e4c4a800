"""Numbers of payment cards in what bots write."""

from domain.bots.answers import BotAnswer
from domain.text.cards import masked


def without_cards(answer: BotAnswer) -> BotAnswer:
    """Return an answer with card numbers masked: nobody is there to refuse it to."""
    notes = masked(answer.notes) if answer.notes else answer.notes
    return answer.model_copy(update={"texts": tuple(map(masked, answer.texts)), "notes": notes})
