"""Sending a text again: only one that surely did not leave, once, by whoever may reply."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import update

from database.tables import Message
from domain.delivery.message_status import MessageStatus
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually


async def failing(centre: Centre, client: httpx2.AsyncClient, address: str, text: str) -> str:
    """Reply with a text that the provider refuses; returns its id once it has failed."""

    async def others_have_left() -> bool:
        items = (await client.get(f"{address}/transcript")).json()["items"]
        ours = [one for one in items if one["author"] == "system"]
        return len(await centre.phone()) == len(ours)

    await eventually(others_have_left)
    await centre.fault("refused")
    written = await client.post(f"{address}/replies", json={"text": text})
    message_id: str = written.json()["message_id"]

    async def has_failed() -> bool:
        status: str = (await message(client, address, message_id))["status"]
        return status == "failed"

    await eventually(has_failed)
    return message_id


async def message(client: httpx2.AsyncClient, address: str, message_id: str) -> dict[str, Any]:
    items = (await client.get(f"{address}/transcript", params={"limit": 200})).json()["items"]
    return next(one for one in items if one["id"] == message_id)


async def be(centre: Centre, message_id: str, **values: object) -> None:
    """Have a text be known in another way."""
    async with centre.sessions.begin() as session:
        changed = update(Message).where(Message.id == UUID(message_id)).values(**values)
        await session.execute(changed)


async def test_a_text_that_the_provider_refused_is_sent_again_once(
    office: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    held = (await centre.conversation()).id
    address = f"/v1/conversations/{held}"
    lost = await failing(centre, as_ann, address, "Your tent is ready")
    assert (await message(as_ann, address, lost))["may_send_again"]
    assert (await as_ann.get(address)).json()["has_failed_text"]
    found = await as_ann.get("/v1/conversations", params={"failed": "true"})
    assert [one["id"] for one in found.json()["items"]] == [str(held)]

    again = f"{address}/messages/{lost}/send-again"
    assert (await as_ben.post(again)).status_code == 404
    await as_ada.patch("/v1/account", json={"agent_texts_a_day": 1})
    assert (await as_ann.post(again)).json()["code"] == "bound_reached"
    await as_ada.patch("/v1/account", json={"agent_texts_a_day": 9})
    key = {"Idempotency-Key": "again"}
    first, same = [await as_ann.post(again, headers=key) for _ in range(2)]
    assert (first.status_code, same.json()) == (201, first.json())
    new = first.json()["message_id"]
    assert new != lost

    async def has_left() -> bool:
        return "Your tent is ready" in await centre.phone()

    await eventually(has_left)
    shown = await message(as_ann, address, new)
    assert (shown["text"], shown["agent_id"]) == ("Your tent is ready", office.brand.ann.agent_id)
    assert (await centre.phone()).count("Your tent is ready") == 1
    refused = await as_ann.post(again)
    assert (refused.status_code, refused.json()["code"]) == (409, "sending_again_refused")
    assert refused.json()["detail"] == "This text was sent again already."
    assert not (await as_ann.get(address)).json()["has_failed_text"]
    events = (await as_ann.get(f"{address}/events", params={"limit": 200})).json()["items"]
    audited = [one for one in events if "sends_again" in one["data"]]
    assert [(one["agent_id"], one["data"]["sends_again"]) for one in audited] == [
        (office.brand.ann.agent_id, lost)
    ]


async def test_nothing_in_doubt_and_nothing_automatic_is_sent_again(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    address = f"/v1/conversations/{(await centre.conversation()).id}"
    lost = await failing(centre, as_ann, address, "Your tent is ready")

    async def told() -> str:
        answer = await as_ann.post(f"{address}/messages/{lost}/send-again")
        assert answer.status_code == 409, answer.text
        assert not (await message(as_ann, address, lost))["may_send_again"]
        detail: str = answer.json()["detail"]
        return detail

    await be(centre, lost, status=MessageStatus.unknown.value)
    assert "Nobody knows whether this text was sent" in await told()
    await be(centre, lost, status=MessageStatus.failed.value, resent=True)
    assert "Nobody knows whether this text was sent" in await told()
    await be(centre, lost, resent=False, provider_message_id="SM1")
    assert "This text has left" in await told()
    await be(centre, lost, provider_message_id=None, author="system", agent_id=None)
    assert "Automatic texts are not sent again" in await told()
    nowhere = await as_ann.post(f"{address}/messages/{uuid4()}/send-again")
    assert nowhere.status_code == 404
