"""Rows of texts and timers that an account has set, as the rules of resolution take them."""

from datetime import timedelta

from database.tables import AutomaticMessage, AutomaticTimer
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting
from domain.automatic.wordings import Wording


def wording(row: AutomaticMessage) -> Wording:
    """Return a row as the rules of resolution take it."""
    return Wording(
        event=Automatic(row.event),
        language=row.language,
        text=row.text,
        enabled=row.enabled,
        line_id=row.line_id,
        skill_id=row.skill_id,
        connector_id=row.connector_id,
        id=row.id,
    )


def timing(row: AutomaticTimer) -> TimerSetting:
    """Return a row as the rules of resolution take it."""
    return TimerSetting(
        event=Automatic(row.event),
        timer=Timer(delay=timedelta(seconds=row.delay_seconds), repeats=row.repeats),
        line_id=row.line_id,
        skill_id=row.skill_id,
        id=row.id,
    )
