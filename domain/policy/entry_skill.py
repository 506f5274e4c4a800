"""Decides which skill gets a new conversation, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.origins.kinds import OriginKind
from domain.origins.origin import Origin

RETIRED = "Its skill is retired."
CHOSEN = "The agent who opened it chose this skill."


@dataclass(frozen=True)
class SkillChoice:
    """The skill of a new conversation, and why, as one sentence or several."""

    skill_id: str
    reason: str


@dataclass(frozen=True)
class Wish:
    """A skill that something about the first text asks for, and why. A retired one gets nothing."""

    skill_id: str
    why: str
    is_retired: bool = False


def skill_for(wishes: Sequence[Wish | None], line: SkillChoice) -> SkillChoice:
    """Choose the first skill that is wished for and not retired, else the line's.

    `wishes`: the most specific first: of an invitation, then of a source.
    """
    passed: list[str] = []
    for wish in wishes:
        if wish is None:
            continue
        if not wish.is_retired:
            return SkillChoice(wish.skill_id, " ".join((*passed, wish.why)))
        passed.append(f"{wish.why} {RETIRED}")
    return SkillChoice(line.skill_id, " ".join((*passed, line.reason)))


def entry_skill(
    entry: str, default: str | None, keyword: str | None = None, first_word: str | None = None
) -> SkillChoice:
    """Choose the account's default skill, else the skill of a keyword, else the line's entry skill.

    `keyword`: the skill that the text's `first_word` selects on this line.
    """
    if default:
        return SkillChoice(default, "Every line goes to the account's default skill.")
    if keyword:
        return SkillChoice(keyword, f'The first text begins with the line\'s word "{first_word}".')
    return SkillChoice(entry, "It is the entry skill of the line.")


def why_invited(origin: Origin) -> str:
    """Say which invitation the first text answers."""
    if origin.kind is OriginKind.call:
        return f'The first text answers our text after the call "{origin.title}".'
    return f'The first text answers "{origin.title}".'


def why_source(name: str, *, by_keyword: bool) -> str:
    """Say how the first text belongs to a source."""
    how = "begins with the keyword" if by_keyword else "is the text"
    return f'The first text {how} of the source "{name}".'
