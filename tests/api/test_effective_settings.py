"""The settings that apply to a line with a skill, and who set them."""

from typing import Any

import httpx2

from tests.api.conftest import Office

PATH = "/v1/settings/effective"


async def shown(api: httpx2.AsyncClient, **of: str) -> dict[str, Any]:
    answer = await api.get(PATH, params=of)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_times_hours_and_transfers_are_shown_with_who_set_them(office: Office) -> None:
    line, support, sales = office.brand.line_id, office.brand.support, office.brand.sales
    async with office.person(office.ada) as ada, office.person(office.brand.ann) as ann:
        default = await shown(ann, line=line)
        assert (default["skill_id"], default["priority"]) == (support, 0)
        assert default["response_time"] == {"seconds": None, "origin": "default", "passed_over": []}
        assert (default["hours_origin"], default["language_origin"]) == ("account", "account")
        await ada.patch("/v1/account", json={"response_seconds": 3600})
        special = {
            "response_seconds": 600,
            "priority": 5,
            "transfer_targets": "listed",
            "transfer_skills": [sales],
        }
        assert (await ada.patch(f"/v1/skills/{support}", json=special)).status_code == 200
        monday = {"week": {"monday": [{"opens": "09:00", "closes": "17:00"}]}}
        own = await ada.put(f"/v1/skills/{support}/hours", json=monday)
        assert own.status_code == 200, own.text
        held = await shown(ann, line=line, language="de")
        assert held["response_time"]["seconds"] == 600
        assert held["response_time"]["origin"] == "skill"
        (passed,) = held["response_time"]["passed_over"]
        assert (passed["origin"], passed["because"]) == ("account", "less_specific")
        assert (held["priority"], held["hours_origin"]) == (5, "skill")
        assert (held["language"], held["language_origin"]) == ("de", "consumer")
        assert (held["allowed_targets"], held["transfers_in_a_row"]) == ([sales], 5)
        await ada.patch("/v1/account", json={"thanks_shown_seconds": 60})
        await ada.patch(f"/v1/skills/{support}", json={"thanks_need_answer": True})
        thanks = await shown(ann, line=line)
        assert thanks["thanks_shown"] == {"seconds": 60, "origin": "account", "passed_over": []}
        assert thanks["thanks_need_answer"]["is_on"]
        assert thanks["thanks_need_answer"]["origin"] == "skill"
        assert thanks["automatic_replies"]["seconds"] == 30
        of_sales = await shown(ann, line=line, skill=sales)
        assert of_sales["response_time"]["origin"] == "account"
        assert (await ann.get(PATH, params={"line": "elsewhere"})).status_code == 404
