"""Time zones are the same to PostgreSQL and to Python, or refused."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest

from database.engine import Sessions
from database.queries import zones
from domain.errors import Invalid
from domain.settings.allowed import is_time_zone
from domain.settings.zones import offsets

OF_OLD = [datetime(2020, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
"""A winter and a summer in which tables of any version agree."""


async def test_a_zone_that_two_clocks_would_keep_is_refused_and_all_others_agree(
    session_factory: Sessions,
) -> None:
    ours = sorted(filter(is_time_zone, available_timezones()))
    async with session_factory() as session:
        theirs = await zones.offsets_of(session, ours, OF_OLD)
        apart = [zone for zone, found in theirs.items() if found != offsets(zone, OF_OLD)]
        for zone in apart:
            with pytest.raises(Invalid):
                await zones.check(session, zone)
    assert len(theirs) > 400
    assert {"CET", "EET", "MET", "WET"} <= set(apart)
    assert not [zone for zone in apart if "/" in zone]
