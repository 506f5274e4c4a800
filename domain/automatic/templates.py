"""Placeholders of automatic messages, and how they are filled."""

import re
from collections.abc import Mapping

from domain.errors import Invalid

PLACEHOLDERS: Mapping[str, str] = {
    "agent": "who writes",
    "skill": "the team",
    "brand": "your brand",
    "response_time": "the time until you answer",
}
"""Each placeholder with what it stands for."""
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_template(text: str) -> None:
    """Raise `Invalid` for a text with an unknown placeholder."""
    unknown = sorted(set(PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))
    if unknown:
        named = ", ".join("{" + name + "}" for name in unknown)
        known = ", ".join("{" + name + "}" for name in sorted(PLACEHOLDERS))
        raise Invalid(f"Unknown placeholder {named}. Known are {known}.")


def promises_time(text: str) -> bool:
    """Say whether a template names the response time."""
    return "{response_time}" in text


def compose(template: str, values: dict[str, str], prefix: str) -> str:
    """Return an automatic message as it is sent, but uncut; empty if the filled text is."""
    filled = fill(template, values)
    return " ".join(filter(None, (prefix, filled))) if filled.strip() else ""


def fill(text: str, values: dict[str, str]) -> str:
    """Return a template with its placeholders filled; an unknown value is empty."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
