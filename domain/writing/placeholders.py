"""Placeholders of saved replies, such as `{consumer_name}`, and how they are filled.

A placeholder without a value stays as it is, is named to the agent, and is never sent.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.errors import Invalid, PlaceholderLeft

PLACEHOLDERS: Mapping[str, str] = {
    "consumer_name": "the consumer's name",
    "consumer_number": "the consumer's number",
    "agent_name": "who writes",
    "line": "the line's name",
    "skill": "the skill's name",
    "brand": "your brand",
}
"""Each placeholder with what it stands for. The page's script has the names, too."""
OWN_FIELD = "field."
"""The names of consumers' own fields begin with this: `{field.order-number}`."""
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
OURS = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r"|field\.[a-z0-9_-]{1,63})\}")
"""What counts as a placeholder in a text that is sent. Other braces are the writer's own."""


@dataclass(frozen=True)
class Filled:
    """A text with its placeholders filled. `missing`: those without a value, each once."""

    text: str
    missing: tuple[str, ...] = ()


def check_placeholders(text: str, own_fields: Collection[str] = ()) -> None:
    """Raise `Invalid` for an unknown placeholder, or for a brace that belongs to none."""
    known = [*PLACEHOLDERS, *(OWN_FIELD + name for name in own_fields)]
    unknown = sorted(set(PLACEHOLDER.findall(text)) - set(known))
    if unknown:
        raise Invalid(f"Unknown placeholder {_named(unknown)}. Known are {_named(known)}.")
    if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
        raise Invalid("Braces stand around placeholders only, such as {consumer_name}.")


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Return a text with its placeholders filled as far as there are values."""
    missing = dict.fromkeys(
        name for name in PLACEHOLDER.findall(text) if not values.get(name, "").strip()
    )

    def value(match: re.Match[str]) -> str:
        return match[0] if match[1] in missing else values[match[1]]

    return Filled(PLACEHOLDER.sub(value, text), tuple(missing))


def check_filled(text: str) -> None:
    """Raise `PlaceholderLeft` for a text to a consumer that still holds a placeholder."""
    if left := OURS.search(text):
        raise PlaceholderLeft(left[0])


def _named(names: Collection[str]) -> str:
    return ", ".join("{" + name + "}" for name in names)
