"""Texts, timers and surveys: set for a scope, refused where unfit, shown as they apply."""

from typing import Any

import httpx2
import pytest

from tests.api.conftest import Office

MESSAGES = "/v1/automatic-messages"
TIMERS = "/v1/automatic-messages/timers"
SURVEYS = "/v1/surveys"


@pytest.fixture
def connector(office: Office) -> str:
    return f"{office.brand.account_id}-twilio"


async def put(client: httpx2.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.put(path, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def said(client: httpx2.AsyncClient, event: str, **query: str) -> dict[str, Any]:
    answer = await client.get(f"{MESSAGES}/effective", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = {one["event"]: one for one in answer.json()["messages"]}[event]
    return found


async def test_texts_of_the_survey_are_for_connectors_and_others_for_skills(
    office: Office, connector: str, as_ada: httpx2.AsyncClient
) -> None:
    skill = office.brand.support
    question = {"event": "survey_question", "text": "1 to 5?"}
    welcome = {"event": "welcome", "text": "Hi"}
    assert (await put(as_ada, MESSAGES, **question, connector=connector))["connector_id"]
    assert (await put(as_ada, MESSAGES, **welcome, skill=skill))["skill_id"] == skill
    refused = await as_ada.put(MESSAGES, json=question | {"skill": skill})
    assert (refused.status_code, "not a skill" in refused.json()["detail"]) == (422, True)
    refused = await as_ada.put(MESSAGES, json=welcome | {"connector": connector})
    assert (refused.status_code, "Only texts of the survey" in refused.text) == (422, True)
    refused = await as_ada.put(MESSAGES, json=welcome | {"language": "xx"})
    assert refused.status_code == 422
    assert (
        await as_ada.put(MESSAGES, json=question | {"connector": "elsewhere"})
    ).status_code == 404


async def test_a_timer_is_set_replaced_shown_and_removed(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    timer = {"event": "waiting_in_queue", "delay_seconds": 60, "skill": office.brand.support}
    first = await put(as_ada, TIMERS, **timer)
    second = await put(as_ada, TIMERS, **timer | {"delay_seconds": 90, "repeats": 3})
    assert (first["id"], second["delay_seconds"], second["repeats"]) == (second["id"], 90, 3)
    shown = (await as_ada.get(TIMERS)).json()
    assert shown["set"] == [second]
    assert {one["event"]: one["delay_seconds"] for one in shown["defaults"]} == {
        "waiting_in_queue": 900,
        "agent_silent": 600,
        "consumer_silent": 86400,
        "auto_close_warning": 3600,
    }
    line = office.brand.line_id
    held = (await said(as_ada, "waiting_in_queue", line=line))["timer"]
    assert held == {
        **{"delay_seconds": 90, "repeats": 3, "origin": "skill", "id": second["id"]},
        "passed_over": [],
    }
    elsewhere = await said(as_ada, "waiting_in_queue", line=line, skill=office.brand.sales)
    assert (elsewhere["timer"]["origin"], elsewhere["timer"]["delay_seconds"]) == ("default", 900)
    assert (await as_ada.delete(f"{TIMERS}/{second['id']}")).status_code == 204
    assert (await as_ada.delete(f"{TIMERS}/{second['id']}")).status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"event": "welcome", "delay_seconds": 60},
        {"event": "agent_silent", "delay_seconds": 14},
        {"event": "agent_silent", "delay_seconds": 90 * 86400 + 1},
        {"event": "agent_silent", "delay_seconds": 60, "repeats": 11},
        {"event": "auto_close_warning", "delay_seconds": 60, "repeats": 2},
        {"event": "agent_silent", "delay_seconds": 60, "line": "a", "skill": "b"},
    ],
)
async def test_a_timer_that_makes_no_sense_is_refused(
    as_ada: httpx2.AsyncClient, odd: dict[str, Any]
) -> None:
    assert (await as_ada.put(TIMERS, json=odd)).status_code == 422


async def test_the_texts_of_a_line_are_shown_with_who_set_them(
    office: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    line, skill = office.brand.line_id, office.brand.support
    default = await said(as_ann, "welcome", line=line)
    assert (default["origin"], default["id"], default["enabled"]) == ("default", None, True)
    assert not (await said(as_ann, "auto_closed", line=line))["enabled"]
    german = await said(as_ann, "welcome", line=line, language="de")
    assert (german["language"], german["text"] != default["text"]) == ("de", True)
    general = await put(as_ada, MESSAGES, event="welcome", text="Of the account")
    special = await put(as_ada, MESSAGES, event="welcome", text="Of the skill", skill=skill)
    off = await put(as_ada, MESSAGES, event="welcome", text="Off", line=line, enabled=False)
    held = await said(as_ann, "welcome", line=line)
    assert (held["origin"], held["id"], held["enabled"]) == ("line", off["id"], False)
    assert held["passed_over"] == [
        {"origin": "skill", "id": special["id"], "language": "en", "because": "less_specific"},
        {"origin": "account", "id": general["id"], "language": "en", "because": "less_specific"},
    ]
    await as_ada.delete(f"{MESSAGES}/{off['id']}")
    assert (await said(as_ann, "welcome", line=line))["text"] == "Of the skill"
    sales = await said(as_ann, "welcome", line=line, skill=office.brand.sales)
    assert (sales["origin"], sales["text"]) == ("account", "Of the account")


async def test_a_survey_is_set_whole_and_the_most_specific_one_holds(
    office: Office, connector: str, as_ada: httpx2.AsyncClient
) -> None:
    line = office.brand.line_id

    async def held() -> dict[str, Any]:
        found: dict[str, Any] = (
            await as_ada.get(f"{SURVEYS}/effective", params={"line": line})
        ).json()
        return found

    assert (await held())["origin"] == "default"
    await put(as_ada, SURVEYS, design={"enabled": False})
    assert ((await held())["origin"], (await held())["design"]["enabled"]) == ("account", False)
    await put(as_ada, SURVEYS, design={"scale": "thumbs"}, connector=connector)
    assert ((await held())["origin"], (await held())["scale"]["name"]) == ("connector", "thumbs")
    design = {"scale": "zero_to_ten", "timeout": 7200, "once_per": 86400, "follow_ups": ["comment"]}
    of_line = await put(as_ada, SURVEYS, design=design, line=line)
    assert of_line["design"] == of_line["design"] | design
    found = await held()
    assert (found["origin"], found["id"]) == ("line", of_line["id"])
    questions = {one["event"]: one["text"] for one in found["messages"]}
    assert "10" in questions["survey_question"]
    assert len((await as_ada.get(SURVEYS)).json()["set"]) == 3
    assert (await as_ada.delete(f"{SURVEYS}/{of_line['id']}")).status_code == 204
    assert (await held())["origin"] == "connector"


def own_scale(**changes: Any) -> dict[str, Any]:
    steps = [{"value": 1, "label": "bad"}, {"value": 2, "label": "good", "words": ["top"]}]
    return {"scale": {"name": "ours", "steps": steps, "satisfied_from": 2} | changes}


async def test_an_own_scale_is_kept_as_it_was_sent(as_ada: httpx2.AsyncClient) -> None:
    kept = await put(as_ada, SURVEYS, design=own_scale())
    assert [step["label"] for step in kept["design"]["scale"]["steps"]] == ["bad", "good"]


@pytest.mark.parametrize(
    "odd",
    [
        {"scale": "one_to_six"},
        {"timeout": 1},
        {"questions": 9},
        {"sample_percent": 0},
        {"follow_ups": ["comment", "comment"]},
        {"unknown": 1},
        own_scale(satisfied_from=9),
        own_scale(name="a\0b"),
        own_scale(steps=[{"value": 1, "label": ""}, {"value": 2, "label": "good"}]),
    ],
)
async def test_a_survey_that_could_not_be_answered_is_refused(
    as_ada: httpx2.AsyncClient, odd: dict[str, Any]
) -> None:
    refused = await as_ada.put(SURVEYS, json={"design": odd})
    assert refused.status_code == 422, refused.text
    assert refused.json()["code"]


async def test_a_survey_is_for_one_scope(
    office: Office, connector: str, as_ada: httpx2.AsyncClient
) -> None:
    both = {"design": {}, "line": office.brand.line_id, "connector": connector}
    assert (await as_ada.put(SURVEYS, json=both)).status_code == 422


async def test_the_settings_of_another_accounts_line_are_not_shown(
    office: Office, strangers: Office
) -> None:
    async with strangers.person(strangers.ada) as zoe:
        for path in (f"{MESSAGES}/effective", f"{SURVEYS}/effective"):
            answer = await zoe.get(path, params={"line": office.brand.line_id})
            assert answer.status_code == 404
        refused = await zoe.put(SURVEYS, json={"design": {}, "line": office.brand.line_id})
        assert refused.status_code == 404


async def test_a_text_is_shown_as_it_would_leave_with_what_it_costs(
    office: Office, connector: str, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch(f"/v1/connectors/{connector}", json={"prefix": "Automatic:"})
    text = {"text": "{agent} of {brand}, {skill} ✓", "connector": connector}
    answer = await as_ada.post(f"{MESSAGES}/preview", json=text | {"skill": office.brand.sales})
    shown = answer.json()
    assert shown["text"] == "Automatic: Ada of Brand, Sales ✓"
    assert (shown["segments"], shown["encoding"], shown["forced_by"]) == (1, "UCS-2", "✓")
    assert (shown["refused"], shown["warnings"]) == (None, [])
    refused = (await as_ada.post(f"{MESSAGES}/preview", json={"text": "Hi {name}"})).json()
    assert "{name}" in refused["refused"]
    grown = {"text": "{skill}" + "x" * 1593, "connector": connector}
    shown = (await as_ada.post(f"{MESSAGES}/preview", json=grown)).json()
    assert (shown["characters"] > 1600, len(shown["text"])) == (True, 1600)
    assert "cut off" in shown["warnings"][0]
