"""Fills in variables as Docker Compose does (`${NAME:-default}`, `${NAME:?why}`, `$$`)."""

import re
from collections.abc import Mapping
from typing import Any

VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:?[-?])((?:[^{}]|\$\{[^{}]*\})*))?\})")
"""A default may itself name variables."""


class VariableMissing(Exception):
    """A variable that must be set is not."""


def interpolated(node: Any, variables: Mapping[str, str]) -> Any:
    """Return a part of a composition with its variables filled in. Raises `VariableMissing`."""
    if isinstance(node, dict):
        return {key: interpolated(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(value, variables) for value in node]
    if not isinstance(node, str):
        return node

    def filled(match: re.Match[str]) -> str:
        escaped, name, how, rest = match.groups()
        if escaped:
            return "$"
        value = variables.get(name)
        if value or (value is not None and how in ("-", "?")):
            return value
        if how and how.endswith("?"):
            raise VariableMissing(f"{name}: {rest}")
        return str(interpolated(rest or "", variables))

    return VARIABLE.sub(filled, node)
