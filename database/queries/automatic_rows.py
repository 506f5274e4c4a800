"""Converts rows of an account's texts and timers into settings for `domain.settings.resolution`."""

from datetime import timedelta

from database.tables import AutomaticMessage, AutomaticTimer
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting
from domain.automatic.wordings import Wording


def wording(row: AutomaticMessage) -> Wording:
    """Return the setting of a text from its row."""
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
    """Return the setting of a timer from its row."""
    return TimerSetting(
        event=Automatic(row.event),
        timer=Timer(delay=timedelta(seconds=row.delay_seconds), repeats=row.repeats),
        line_id=row.line_id,
        skill_id=row.skill_id,
        id=row.id,
    )
