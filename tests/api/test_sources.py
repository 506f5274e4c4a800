"""Sources: ads and posters, by the API."""

from io import BytesIO

import httpx2
from PIL import Image

from tests.api.conftest import Office
from tests.fixtures.centre import Centre


def poster(office: Office, **more: str) -> dict[str, str]:
    brand = office.brand
    return {"name": "Poster", "line": brand.line_id, "skill": brand.sales} | more


async def test_an_ad_from_its_link_to_the_conversation_it_begins(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    new = poster(office, keyword="Spring", first_text="I saw your poster")
    made = await as_ada.post("/v1/sources", json=new)
    assert made.status_code == 201, made.text
    source = made.json()
    assert (source["keyword"], source["first_text"]) == ("spring", "Spring I saw your poster")
    assert source["link"].endswith("?&body=Spring%20I%20saw%20your%20poster")
    address = f"/v1/sources/{source['id']}"
    svg = await as_ada.get(f"{address}/qr.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    kept = {"If-None-Match": svg.headers["etag"]}
    assert (await as_ada.get(f"{address}/qr.svg", headers=kept)).status_code == 304
    png = Image.open(BytesIO((await as_ada.get(f"{address}/qr.png")).content))
    assert png.width == png.height > 400

    await centre.text("¡SPRING! what does it cost")
    row = await centre.when("waiting")
    assert (row.skill_id, row.origin, row.origin_id) == (
        office.brand.sales,
        "source",
        source["id"],
    )
    for named in ("source", "origin_id"):
        shown = (await as_ada.get("/v1/conversations", params={named: source["id"]})).json()
        found = [(one["id"], one["origin"]["title"]) for one in shown["items"]]
        assert found == [(str(row.id), "Poster")]
    for others in (
        {"origin": "text"},
        {"origin": "call", "source": source["id"]},
        {"origin_id": "a-batch", "source": source["id"]},
    ):
        found_others = (await as_ada.get("/v1/conversations", params=others)).json()
        assert found_others["items"] == [], others
    assert (await as_ada.get(address)).json()["conversations"] == 1
    used = await as_ada.delete(f"/v1/skills/{office.brand.sales}")
    assert used.status_code == 409

    assert (await as_ada.delete(address)).status_code == 204
    assert (await as_ada.get("/v1/sources")).json()["items"] == []
    again = await as_ada.post("/v1/sources", json=new)
    assert again.status_code == 201  # its keyword is free again


async def test_words_that_count_for_something_else_are_refused(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    line = f"/v1/lines/{office.brand.line_id}"
    words = {"keywords": [{"keyword": "offer", "skill": office.brand.sales}]}
    assert (await as_ada.patch(line, json=words)).status_code == 200
    for first in (poster(office, keyword="spring"), poster(office, first_text="Hello poster")):
        assert (await as_ada.post("/v1/sources", json=first)).status_code == 201
    for more, status in (
        ({"keyword": "SPRING!"}, 409),
        ({"keyword": "offer"}, 409),
        ({"keyword": "hello"}, 409),
        ({"first_text": "spring is here"}, 409),
        ({"first_text": "hello, POSTER"}, 409),
        ({"keyword": "stop"}, 422),
        ({"first_text": "Help!"}, 422),
        ({"keyword": "two words"}, 422),
        ({}, 422),
        ({"keyword": "x", "skill": "nowhere"}, 404),
    ):
        refused = await as_ada.post("/v1/sources", json=poster(office, **more))
        assert refused.status_code == status, (more, refused.text)
    taken = {"keywords": [{"keyword": "spring", "skill": office.brand.sales}]}
    assert (await as_ada.patch(line, json=taken)).status_code == 422
    stop = {"stop": ["spring"], "start": [], "help": [], "off": []}
    refused = await as_ada.put("/v1/keywords", json=stop)
    assert "Change it there first" in refused.text


async def test_a_source_is_changed_and_another_accounts_is_not_there(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    made = await as_ada.post("/v1/sources", json=poster(office, keyword="SPRING", first_text="Hi"))
    address = f"/v1/sources/{made.json()['id']}"
    changed = await as_ada.patch(address, json={"keyword": "SUMMER"})
    assert changed.json()["first_text"] == "SUMMER Hi"
    assert (await as_ann.patch(address, json={"keyword": "AUTUMN"})).status_code == 403
    assert (await as_ann.get(f"{address}/qr.svg")).status_code == 200
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.get(f"{address}/qr.svg")).status_code == 404
        assert (await zoe.patch(address, json={"name": "Mine"})).status_code == 404
