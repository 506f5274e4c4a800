"""What a configuration file holds, kind by kind: how each is written, and how it is applied.

Things have names in the file, and no ids. A name that is not there yet is made; what is there and
not in the file stays. Each kind is applied by its own service, with its permission and its rules.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from api.configuration.large import (
    apply_account,
    apply_hours,
    apply_skills,
    write_account,
    write_hours,
    write_skills,
)
from api.configuration.run import Run
from api.configuration.small import (
    apply_away,
    apply_fields,
    apply_keywords,
    apply_labels,
    apply_reasons,
    write_away,
    write_fields,
    write_keywords,
    write_labels,
    write_reasons,
)
from api.configuration.texts import apply_lines, apply_messages, write_lines, write_messages

Write = Callable[[Run], Awaitable[Any]]
Apply = Callable[[Run, object], Awaitable[None]]
KINDS: Mapping[str, tuple[Write, Apply]] = {
    "skills": (write_skills, apply_skills),
    "account": (write_account, apply_account),
    "hours": (write_hours, apply_hours),
    "labels": (write_labels, apply_labels),
    "closing_reasons": (write_reasons, apply_reasons),
    "consumer_fields": (write_fields, apply_fields),
    "away_reasons": (write_away, apply_away),
    "consent_words": (write_keywords, apply_keywords),
    "lines": (write_lines, apply_lines),
    "automatic_messages": (write_messages, apply_messages),
}
"""In the order in which they are applied: skills first, which others name."""

LEFT_OUT: Mapping[str, str] = {
    "agent": "people set their own passwords: they are invited, or come from a CSV file",
    "agent_skill": "of people",
    "api_token": "a secret",
    "automatic_timer": "not yet",
    "bot": "has a secret, shown once where it is made",
    "connector": "has the provider's secret: it is entered on its page",
    "endpoint": "has a secret, shown once where it is made",
    "identity_provider": "has a secret, entered on its page",
    "line_set_up": "what was at the provider before; set up on the line's page",
    "menu": "not yet",
    "menu_number": "not yet",
    "menu_version": "not yet",
    "panel": "not yet",
    "saved_reply": "not yet",
    "skill_bot": "of bots",
    "source": "not yet",
    "team": "not yet",
    "team_member": "of people",
    "team_skill": "not yet",
    "survey": "not yet",
}
"""Tables of settings that are in no file, and why."""
IN_FILE: Mapping[str, str] = {
    "account": "account",
    "automatic_message": "automatic_messages",
    "away_reason": "away_reasons",
    "closing_reason": "closing_reasons",
    "closing_reason_skill": "closing_reasons",
    "consumer_field": "consumer_fields",
    "label": "labels",
    "line": "lines",
    "line_keyword": "lines",
    "skill": "skills",
    "skill_transfer_target": "skills",
    "special_day": "hours",
    "working_period": "hours",
}
