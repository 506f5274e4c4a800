"""Numbers of payment cards in what bots write."""

from domain.bots.answers import AnsweredAction, BotAnswer
from domain.text.cards import masked


def without_cards(answer: BotAnswer) -> BotAnswer:
    """Return an answer with card numbers masked: nobody is there to refuse it to.

    One in place of a skill is masked as well, and names no skill then.
    """
    skill = answer.action.skill
    written = {
        "texts": tuple(map(masked, answer.texts)),
        "notes": masked(answer.notes) if answer.notes else answer.notes,
        "action": AnsweredAction(kind=answer.action.kind, skill=masked(skill) if skill else skill),
    }
    return answer.model_copy(update=written)
