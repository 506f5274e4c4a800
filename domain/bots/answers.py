"""A bot's answer to its turn: the model, and reading it from what a program sent."""

import json
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.bots.kinds import BotAction, BotProblem
from domain.errors import DomainError
from domain.ids import SLUG
from domain.text.limits import OUTGOING, check_outgoing, cut_outgoing

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer. Ours: five texts and a note of the greatest length, written as escapes."""
MOST_TEXTS = 5
"""Texts of one answer. Ours: more at once read like an advertisement."""
MOST_TURNS = 1_000_000_000
"""Ours: a failure names the turn that was answered, which is not to have a card number."""
UNKNOWN_SKILL = "The bot asked for a transfer to a skill that does not exist."


class AnsweredAction(BaseModel):
    """What the bot does after its texts. `skill`: of a transfer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: BotAction = BotAction.stay
    skill: str | None = Field(default=None, max_length=80)


class BotAnswer(BaseModel):
    """An answer to one turn. `notes`: for colleagues, as a private note."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    turn: int = Field(lt=MOST_TURNS)
    texts: tuple[str, ...] = Field(default=(), max_length=MOST_TEXTS)
    action: AnsweredAction = AnsweredAction()
    notes: str | None = None


class BotFailure(BaseModel):
    """Why there is no answer to carry out. `why`: a sentence for colleagues."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    problem: BotProblem
    why: str
    notes: str | None = None


MISTAKES = {
    "missing": "is missing",
    **dict.fromkeys(("tuple_type", "list_type"), "must be a list"),
    **dict.fromkeys(("string_type", "string_sub_type"), "must be a text"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number"),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "must be an object"),
    **dict.fromkeys(("too_long", "too_many_items"), "has too many entries"),
    **dict.fromkeys(("enum", "literal_error"), "is none of the choices"),
    "string_too_long": "is too long",
    "string_too_short": "is empty",
}
"""What colleagues read about the kinds of mistakes in an answer."""


def wrong(why: str, notes: str | None = None) -> BotFailure:
    """Return the failure of an answer that cannot be carried out."""
    return BotFailure(problem=BotProblem.wrong, why=why, notes=notes)


def read_answer(
    body: bytes, turn: int, clean: Callable[[BotAnswer], BotAnswer] | None = None
) -> BotAnswer | BotFailure:
    """Read the body of an answer to a turn, whatever it holds.

    `clean`: takes out what is not to be kept, before a failure keeps any of it.
    """
    if len(body) > LONGEST_ANSWER:
        return wrong(f"The bot's answer has more than {LONGEST_ANSWER // 1024} KiB.")
    try:
        answer = BotAnswer.model_validate(_object(body))
    except ValidationError as error:
        return wrong(f"The bot's answer does not follow the protocol: {_first(error)}.")
    except (ValueError, RecursionError):
        return wrong("The bot's answer is not a JSON object.")
    return checked(clean(answer) if clean else answer, turn)


def checked(answer: BotAnswer, turn: int) -> BotAnswer | BotFailure:
    """Return an answer that can be carried out, with its notes cut at the limit of a note."""
    notes = _notes(answer.notes)
    if answer.turn != turn:
        return wrong(f"The bot answered turn {answer.turn} instead of turn {turn}.", notes)
    for text in answer.texts:
        if why := _unfit(text):
            return wrong(f"The bot's text cannot be sent: {why}", notes)
    if answer.action.kind is BotAction.transfer and not answer.action.skill:
        return wrong("The bot asked for a transfer and named no skill.", notes)
    if answer.action.skill and not SLUG.fullmatch(answer.action.skill):
        return wrong(UNKNOWN_SKILL, notes)  # no such id can exist, and not all can be looked for
    return answer.model_copy(update={"notes": notes})


def _object(body: bytes) -> object:
    return json.loads(body.decode())  # its parser ends by itself where there are too many levels


def _unfit(text: str) -> str | None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return "it has characters that no text may have."
    try:
        check_outgoing(text)
    except DomainError as error:
        return error.detail
    return None


def _notes(notes: str | None) -> str | None:
    """Return notes as they may be stored: without NUL and halves of characters, cut."""
    if notes is None or not notes.strip():
        return None
    clean = notes[:OUTGOING].replace("\0", "").encode(errors="replace").decode()
    return cut_outgoing(clean)


def _first(error: ValidationError) -> str:
    """Return where the first mistake is and what it is, without the value."""
    mistake = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in mistake["loc"])[:80] or "the answer"
    return f"{where} {MISTAKES.get(mistake['type'], 'has no allowed value')}"
