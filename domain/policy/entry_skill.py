"""Decides which skill gets a consumer's first text on a line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SkillChoice:
    """The skill of a new conversation, and why, as one sentence."""

    skill_id: str
    reason: str


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
