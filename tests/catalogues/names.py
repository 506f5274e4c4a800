"""Words of the rules that pages show and that are no sentences: names, titles, labels."""

from collections.abc import Iterator
from datetime import UTC, datetime

from domain.automatic.catalogue import CATALOGUE, DELAYS, Group
from domain.automatic.templates import PLACEHOLDERS
from domain.board.words import ALERTS, UNKNOWN
from domain.consent.quiet_hour_rules import RULES
from domain.conversation.deadlines import Due
from domain.conversation.kinds import EVENTS
from domain.conversation.timers import BY_KIND
from domain.delivery.message_status import MessageStatus
from domain.notices.kinds import CATALOGUE as NOTICES
from domain.notices.words import (
    IN_SKILL,
    NAMED,
    PLAIN,
    RELEASED,
    SEVERAL,
    SEVERAL_NAMED,
    TAKEN_AWAY,
)
from domain.people.token_scopes import WORDS, TokenScope
from domain.reporting.catalogue import FIGURES
from domain.writing.placeholders import PLACEHOLDERS as OF_SAVED_REPLIES
from web.workspace.upcoming import english


def names() -> Iterator[str]:
    """Yield words that `said` meets."""
    for row in CATALOGUE.values():
        yield from (row.title, row.name, row.when)
    for delay in DELAYS.values():
        yield from (delay.label, delay.counts_from)
    yield from (group.value for group in Group)
    yield from PLACEHOLDERS.values()
    yield from OF_SAVED_REPLIES.values()
    yield from (kind.name for kind in NOTICES.values())
    yield from (*TAKEN_AWAY.values(), *PLAIN.values(), *NAMED.values())
    yield from (RELEASED, SEVERAL, SEVERAL_NAMED, IN_SKILL, *ALERTS.values(), UNKNOWN)
    yield from (event.told for event in EVENTS.values() if event.told)
    yield from (f"{rule.place[0].upper()}{rule.place[1:]}" for rule in RULES)
    yield from WORDS.values()
    yield from (words for figure in FIGURES.values() for words in (figure.name, figure.says))
    yield from {scope.split(":")[1].capitalize() for scope in TokenScope}
    yield from (status.value.capitalize() for status in MessageStatus)
    yield from _deadlines()


def _deadlines() -> Iterator[str]:
    """Yield what happens next by itself, as it is told to the agent and to others."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for row in BY_KIND.values():
        if row.what is None:
            continue
        for since in (None, at):
            due = Due(row.kind, at, row.what, row.why, since)
            yield from {english(due, is_theirs=is_theirs) for is_theirs in (True, False)}
