"""Quick choices of when a conversation was opened, by the account's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from api.clock import utc_now
from web.history.sought import Sought
from web.words import _

OPENED = ("opened_from", "opened_until", "opened_days")


@dataclass(frozen=True)
class Quick:
    """A spell of days, with its address. `is_chosen`: it is what is shown."""

    words: str
    address: str
    is_chosen: bool


def quick_choices(sought: Sought, zone: str) -> Sequence[Quick]:
    """Return the spells that people look for most."""
    today = utc_now().astimezone(ZoneInfo(zone)).date()
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    before = month - timedelta(days=1)
    return [
        _spell(sought, _("Today"), today, today),
        _spell(sought, _("Yesterday"), yesterday, yesterday),
        _spell(sought, _("Last 7 days"), today - timedelta(days=6), today),
        _spell(sought, _("Last 30 days"), today - timedelta(days=29), today),
        _spell(sought, _("This month"), month, today),
        _spell(sought, _("Last month"), before.replace(day=1), before),
    ]


def _spell(sought: Sought, words: str, since: date, until: date) -> Quick:
    wanted = {"opened_from": since.isoformat(), "opened_until": until.isoformat()}
    is_chosen = all(sought.get(name) == wanted.get(name, "") for name in OPENED)
    return Quick(words, sought.address("cursor", "back", *OPENED, **wanted), is_chosen)
