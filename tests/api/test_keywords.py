"""The account's own keywords, by the API."""

import httpx2
import pytest

from tests.api.conftest import Office

PATH = "/v1/keywords"


async def test_an_admin_adds_words_and_switches_built_in_ones_off(
    office: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    before = (await as_ann.get(PATH)).json()
    assert (before["stop"], before["off"]) == ([], [])
    stop = next(one for one in before["built_in"] if one["word"] == "stop")
    assert (stop["means"], stop["language"], stop["may_be_switched_off"]) == ("stop", None, False)
    wanted = {"stop": ["Enough!"], "start": ["Iniciar"], "help": ["soporte"], "off": ["Arrêter"]}
    saved = (await as_ada.put(PATH, json=wanted)).json()
    assert {name: saved[name] for name in wanted} == {
        "stop": ["enough"],
        "start": ["iniciar"],
        "help": ["soporte"],
        "off": ["arreter"],
    }
    assert (await as_ann.get(PATH)).json() == saved
    off = [one["word"] for one in saved["built_in"] if not one["is_on"]]
    assert off == ["arreter"]
    assert (await as_ann.put(PATH, json=wanted)).status_code == 403
    assert (await as_ada.put(PATH, json={})).json() == before


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"off": ["STOP"]}, "STOP is a keyword of the carriers and cannot be switched off."),
        ({"off": ["UNSUBSCRIBE"]}, "cannot be switched off"),
        ({"off": ["opt-out"]}, "cannot be switched off"),
        ({"off": ["start"]}, "cannot be switched off"),
        ({"off": ["hello"]}, "hello is not a built-in keyword."),
        ({"help": ["Stop"]}, "Stop is a keyword of the carriers"),
        ({"start": ["YES"]}, "YES is a keyword of the carriers"),
        ({"stop": ["5"]}, "The keyword 5 needs at least two letters."),
        ({"stop": ["🛑"]}, "needs at least two letters"),
        ({"stop": ["enough", "ENOUGH!"]}, "listed twice"),
        ({"stop": ["enough"], "help": ["enough"]}, "listed twice"),
        ({"stop": ["baja"]}, "baja is already a keyword"),
        ({"stop": ["one two three four five"]}, "has more than 4 words"),
    ],
)
async def test_words_that_cannot_be_are_refused_with_a_sentence(
    as_ada: httpx2.AsyncClient, wanted: dict[str, list[str]], sentence: str
) -> None:
    refused = await as_ada.put(PATH, json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert sentence in refused.json()["detail"]


@pytest.mark.parametrize("wanted", [{"stop": [""]}, {"stop": ["x" * 41]}, {"more": []}, {"off": 1}])
async def test_what_is_malformed_is_refused(
    as_ada: httpx2.AsyncClient, wanted: dict[str, object]
) -> None:
    assert (await as_ada.put(PATH, json=wanted)).status_code == 422


async def test_a_word_routes_texts_of_a_line_or_is_a_keyword_never_both(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    line = f"/v1/lines/{office.brand.line_id}"
    sale = {"keywords": [{"keyword": "sale", "skill": office.brand.sales}]}
    assert (await as_ada.patch(line, json=sale)).status_code == 200
    taken = await as_ada.put(PATH, json={"stop": ["sale"]})
    assert "a keyword of the line" in taken.json()["detail"]
    assert (await as_ada.put(PATH, json={"stop": ["enough"], "off": ["baja"]})).status_code == 200
    for word, status in (("enough", 422), ("baja", 200)):
        routes = {"keywords": [{"keyword": word, "skill": office.brand.sales}]}
        assert (await as_ada.patch(line, json=routes)).status_code == status
