"""Saved replies: whose they are, what can be saved, and what is offered in a conversation."""

from typing import Any

import httpx2
import pytest

from domain.people.roles import Role
from tests.api.conftest import Office
from tests.api.test_problems import check
from tests.fixtures.centre import Centre

PATH = "/v1/saved-replies"


def saved(name: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"title": name.title(), "name": name, "texts": {"en": text}} | more


async def make(client: httpx2.AsyncClient, name: str, text: str = "Hello", **more: Any) -> Any:
    made = await client.post(PATH, json=saved(name, text, **more))
    assert made.status_code == 201, made.text
    return made.json()


async def names(client: httpx2.AsyncClient) -> list[str]:
    return [one["name"] for one in (await client.get(PATH)).json()["items"]]


@pytest.fixture
async def assigned(centre: Centre) -> str:
    """A conversation that Ann holds; its address."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def test_managers_share_and_everybody_has_their_own(
    office: Office,
    strangers: Office,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    shared = await make(as_mia, "thanks", is_shared=True)
    own = await make(as_ann, "bye")
    await make(as_ann, "thanks", "My own")  # beside the shared one
    assert await names(as_ann) == ["bye", "thanks", "thanks"]
    assert await names(as_ben) == ["thanks"]
    check(await as_ann.post(PATH, json=saved("hi", is_shared=True)), 403, "not_allowed")
    check(await as_ann.patch(f"{PATH}/{shared['id']}", json={"title": "Mine"}), 403, "not_allowed")
    check(await as_ann.delete(f"{PATH}/{shared['id']}"), 403, "not_allowed")
    for other in (as_ben, as_mia):
        assert (await other.get(f"{PATH}/{own['id']}")).status_code == 404
        assert (await other.delete(f"{PATH}/{own['id']}")).status_code == 404
    check(await as_mia.post(PATH, json=saved("Thanks", is_shared=True)), 409, "conflict")
    check(await as_ann.patch(f"{PATH}/{own['id']}", json={"name": "/thanks"}), 409, "conflict")
    changed = await as_ann.patch(f"{PATH}/{own['id']}", json={"texts": {"de": "Tschüss"}})
    assert (changed.json()["texts"], changed.json()["title"]) == ({"de": "Tschüss"}, "Bye")
    async with strangers.person(strangers.ada) as zoe:
        assert await names(zoe) == []
        assert (await zoe.get(f"{PATH}/{shared['id']}")).status_code == 404
    async with office.program(Role.manager) as program:
        check(await program.post(PATH, json=saved("own")), 403, "nobody_acts")
        await make(program, "by-program", is_shared=True)
        assert await names(program) == ["by-program", "thanks"]
    first = (await as_ann.get(PATH, params={"limit": 2})).json()
    rest = (await as_ann.get(PATH, params={"limit": 2, "cursor": first["next"]})).json()
    every = [one["name"] for one in first["items"] + rest["items"]]
    assert every == ["by-program", "bye", "thanks", "thanks"]
    assert (await as_ann.delete(f"{PATH}/{own['id']}")).status_code == 204
    assert (await as_ann.get(f"{PATH}/{own['id']}")).status_code == 404


async def test_what_cannot_be_saved_is_refused_with_a_sentence(
    office: Office, as_mia: httpx2.AsyncClient
) -> None:
    close, label = {"kind": "close"}, {"kind": "label", "label": "vip"}
    for more, status, said in (
        ({"texts": {}}, 422, ""),
        ({"texts": {"en": "Hi {nobody}"}}, 422, "Unknown placeholder {nobody}"),
        ({"texts": {"en": "x" * 1601}}, 422, "en: The message has 1601 characters"),
        ({"texts": {"zz": "Hi"}}, 422, "'zz' is not a language code"),
        ({"texts": {"en": "Hi\u202e"}}, 422, "nobody sees"),
        ({"name": "two words"}, 422, "A short name is one word"),
        ({"title": "a\nb"}, 422, ""),
        ({"skills": ["nowhere"]}, 404, "There is no skill with this id"),
        ({"actions": [close, label]}, 422, "nothing can follow it"),
        ({"actions": [{"kind": "transfer", "skill": "nowhere"}]}, 404, "no skill"),
        ({"actions": [{"kind": "transfer", "agent": "nobody"}]}, 404, "no agent"),
        ({"actions": [label]}, 404, "no label"),
        ({"actions": [close | {"reason": "nothing"}]}, 404, "no closing reason"),
        ({"actions": [{"kind": "transfer"}]}, 422, ""),
        ({"actions": [{"kind": "explode"}]}, 422, ""),
    ):
        refused = await as_mia.post(PATH, json=saved("hi") | more)
        assert refused.status_code == status, (more, refused.text)
        assert said in refused.json()["detail"], refused.text
    assert await names(as_mia) == []


async def test_a_saved_reply_is_offered_filled_in_the_language_of_the_conversation(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    texts = {
        "de": "Hallo {consumer_name}, hier ist {agent_name}.",
        "en": "Hello {consumer_name}, this is {agent_name} of {line}, {skill}, {brand}.",
    }
    actions = [
        {"kind": "transfer", "skill": office.brand.sales, "agent": None},
    ]
    await make(as_mia, "greeting", texts=texts, actions=actions, is_shared=True)
    [found] = await offered(as_ann, assigned, "/greet")
    assert (found["language"], found["is_shared"], found["actions"]) == ("en", True, actions)
    english = found["texts"]["en"]
    assert english["text"] == (
        "Hello {consumer_name}, this is Ann of Support line, Support, Brand."
    )
    assert english["missing"] == ["consumer_name"]
    assert found["texts"]["de"]["text"].endswith("hier ist Ann.")


async def test_own_fields_of_consumers_stand_in_texts_of_those_who_see_them(
    assigned: str,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    order, credit, vip = [
        (await as_ada.post("/v1/consumer-fields", json=body)).json()["id"]
        for body in (
            {"name": "Order", "kind": "text"},
            {"name": "Credit", "kind": "number", "seen_by": "manager", "edited_by": "manager"},
            {"name": "VIP", "kind": "yes_no"},
        )
    ]
    check(await as_mia.post(PATH, json=saved("vip", "{field.vip}")), 422, "invalid")
    check(await as_ann.post(PATH, json=saved("credit", "{field.credit}")), 422, "invalid")
    await make(as_mia, "order", "Order {field.order}, {field.credit} left", is_shared=True)
    consumer = (await as_ada.get(assigned)).json()["consumer"]["id"]
    values = {"revision": 0, "fields": {order: "4711", credit: "12.50", vip: True}}
    assert (await as_mia.patch(f"/v1/consumers/{consumer}", json=values)).status_code == 200
    for client, text in (
        (as_ann, "Order 4711, {field.credit} left"),
        (as_mia, "Order 4711, 12.50 left"),
    ):
        [found] = await offered(client, assigned)
        assert found["texts"]["en"]["text"] == text


async def offered(client: httpx2.AsyncClient, address: str, words: str = "") -> Any:
    found = await client.get(f"{address}/saved-replies", params={"q": words})
    assert found.status_code == 200, found.text
    return found.json()["items"]


async def test_the_best_comes_first_by_name_then_title_then_use(
    office: Office,
    assigned: str,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
) -> None:
    async def found(words: str = "") -> list[str]:
        return [one["name"] for one in await offered(as_ann, assigned, words)]

    await make(as_mia, "hours", "We open at nine, Größe L", is_shared=True)
    await make(as_mia, "invoice", "Your hours are on the invoice", is_shared=True)
    await make(as_mia, "late", "Sorry", is_shared=True, title="Hours are over")
    await make(as_mia, "for-sales", "Hours", is_shared=True, skills=[office.brand.sales])
    mine = await make(as_ann, "own-hours", "My hours", skills=[office.brand.support])
    await make(as_ben, "his", "My hours")
    assert await found("hours") == ["hours", "late", "invoice", "own-hours"]
    assert await found("GROSSE l") == ["hours"]
    assert await found("nothing of the kind") == []
    assert await found("ho\0urs\u202e") == await found("hours")
    key = {"Idempotency-Key": "use"}
    for _ in range(2):  # the same request twice is one use
        sent = {"text": "My hours", "saved_reply": mine["id"]}
        assert (await as_ann.post(f"{assigned}/replies", json=sent, headers=key)).is_success
    assert await found("hours") == ["hours", "late", "own-hours", "invoice"]
    assert (await as_ann.get(f"{PATH}/{mine['id']}")).json()["uses"] == 1
    gone = {"text": "Hello", "saved_reply": mine["id"]}
    assert (await as_ann.delete(f"{PATH}/{mine['id']}")).status_code == 204
    assert (await as_ann.post(f"{assigned}/replies", json=gone)).status_code == 201
    assert (await as_ben.get(f"{assigned}/saved-replies")).status_code == 404
