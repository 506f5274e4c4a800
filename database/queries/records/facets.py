"""Facets: what a record has of few values, as words of one index that combines any of them."""

from collections.abc import Iterable
from enum import StrEnum

from database.queries.words import sign_of


class Facet(StrEnum):
    """Kinds of facets. Short, since each record has twenty of them."""

    status = "st"
    skill = "sk"
    was_in_skill = "sw"
    agent = "ag"
    took_part = "tp"
    began_or_closed = "bc"
    """Who did so without having had it or joined it."""
    line = "li"
    origin = "or"
    origin_id = "oi"
    opened_by = "ob"
    priority = "pr"
    language = "lg"
    close_reason = "cr"
    closing_reason = "cg"
    label = "la"
    survey = "su"
    """Its outcome; `none`: there was no survey."""
    score = "sc"
    satisfied = "sa"
    recommends = "np"
    """How much its consumer would recommend, 0 to 10."""
    resolved = "rs"
    """Whether its consumer said that it is resolved."""
    first = "fi"
    """`yes`: the consumer's first conversation of all."""
    response = "re"
    """`waits`: unanswered; `late` or `in_time`: how it was answered."""
    mentions = "me"
    """A colleague whom a note names."""
    rings_at = "ri"
    waits_for = "wf"
    """The colleague it waits for by name."""
    waits_in = "wi"
    """The skill it waits in, for anybody."""


def facet(account_id: str, kind: Facet, value: object) -> str:
    """Return a facet as it is stored: with its account in front, as words are."""
    return f"{sign_of(account_id)}{kind}:{value}"


def facets(account_id: str, kind: Facet, values: Iterable[object]) -> list[str]:
    """Return several facets of one kind."""
    return [facet(account_id, kind, value) for value in values]
