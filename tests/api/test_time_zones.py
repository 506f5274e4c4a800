"""The time zones that an account may have."""

import httpx2
import pytest


async def test_a_time_zone_that_only_our_list_has_is_refused(
    as_ada: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.settings.allowed.available_timezones", lambda: {"Mars/Olympus"})
    before = (await as_ada.get("/v1/account")).json()["time_zone"]
    refused = await as_ada.patch("/v1/account", json={"time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert "PostgreSQL does not know the time zone Mars/Olympus" in refused.json()["detail"]
    assert (await as_ada.get("/v1/account")).json()["time_zone"] == before


@pytest.mark.parametrize("zone", ["CET", "EET", "MET", "WET"])
async def test_a_time_zone_that_has_no_summer_in_the_database_is_refused(
    as_ada: httpx2.AsyncClient, zone: str
) -> None:
    before = (await as_ada.get("/v1/account")).json()["time_zone"]
    refused = await as_ada.patch("/v1/account", json={"time_zone": zone})
    assert refused.status_code == 422
    assert "such as Europe/Berlin" in refused.json()["detail"]
    assert (await as_ada.get("/v1/account")).json()["time_zone"] == before


@pytest.mark.parametrize("zone", ["UTC", "GMT", "EST", "MST", "HST", "EST5EDT", "Etc/GMT+5"])
async def test_a_short_name_that_is_the_same_to_the_database_is_a_time_zone(
    as_ada: httpx2.AsyncClient, zone: str
) -> None:
    changed = await as_ada.patch("/v1/account", json={"time_zone": zone})
    assert changed.json()["time_zone"] == zone
