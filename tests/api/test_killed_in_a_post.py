"""An API process is killed in the middle of a POST: the request made again gives one text."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import httpx2
import pytest

from ingress.sweeper import Sweeper
from settings import Settings
from tests.api.conftest import Office
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.dying import Step, dying
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.ports import own_port
from tests.ingress.carrier import signed, text

Asked = Callable[[str], Awaitable[httpx2.Response]]
"""A request of an API at an address."""

IN_A_WEBHOOK: tuple[Step, ...] = (
    ("ingress.receiving", "arrive_alone", 1, "before"),
    ("ingress.receiving", "arrive_alone", 1, "after"),
    ("ingress.webhooks:Webhooks", "_take_each", 1, "after"),
)
IN_A_REPLY: tuple[Step, ...] = (
    ("services.once:Once", "_claimed", 1, "after"),
    ("temporal.conversations:ConversationClient", "command", 1, "after"),
    ("database.queries.idempotency", "keep", 1, "after"),
    ("services.once:Once", "do", 1, "after"),
)


async def killed(office: Office, settings: Settings, step: Step, asked: Asked) -> None:
    """Have another API process take a request, and die in the middle of it."""
    port = own_port()
    around = {
        **os.environ,
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": str(settings.database.database_url),
        "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "SWITCHBOARD_PUBLIC_BASE_URL": settings.web.public_base_url,
        "SWITCHBOARD_MEDIA_FOLDER": str(settings.media.media_folder),
        "SWITCHBOARD_API_PORT": str(port),
    }
    process = await asyncio.to_thread(dying, step, ("api",), around)
    mortal = f"http://127.0.0.1:{port}"
    try:

        async def is_up() -> bool:
            assert process.exitcode is None
            async with httpx2.AsyncClient(base_url=mortal, verify=PLAIN) as client:
                try:
                    return (await client.get("/health/ready")).is_success
                except httpx2.TransportError:
                    return False

        await eventually(is_up)
        with pytest.raises(httpx2.TransportError):
            await asked(mortal)
        await asyncio.to_thread(process.join)
        assert process.exitcode == -signal.SIGKILL
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def named(step: Step) -> str:
    owner, name, _, when = step
    return f"{when} {owner}.{name}"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("step", IN_A_WEBHOOK, ids=named)
async def test_a_webhook_made_again_after_a_kill_is_one_text(
    office: Office, centre: Centre, settings: Settings, database_url: str, step: Step
) -> None:
    pairs = text("Where is my order?")
    path = f"/webhooks/twilio/{office.brand.line_id}/inbound"
    headers = signed(settings.web.public_base_url + path, pairs)

    async def asked(address: str) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=address, verify=PLAIN) as twilio:
            return await twilio.post(path, content=urlencode(pairs), headers=headers)

    await killed(office, settings, step, asked)
    for _ in range(2):
        assert (await asked(office.url)).status_code == 200
    sweeper = Sweeper(centre.sessions, centre.conversations, database_url)

    async def is_there() -> bool:
        await sweeper.sweep([office.brand.account_id])
        return ("consumer", "Where is my order?") in await centre.spoken()

    await eventually(is_there)
    await sweeper.sweep([office.brand.account_id])
    spoken = [words for who, words in await centre.spoken() if who == "consumer"]
    assert spoken == ["Where is my order?"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("step", IN_A_REPLY, ids=named)
async def test_a_reply_made_again_with_its_key_after_a_kill_is_one_text(
    office: Office, centre: Centre, settings: Settings, as_ann: httpx2.AsyncClient, step: Step
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{(await centre.conversation()).id}/replies"
    headers = {"Authorization": as_ann.headers["Authorization"], "Idempotency-Key": "once"}

    async def asked(address: str) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=address, verify=PLAIN, timeout=60) as client:
            return await client.post(path, json={"text": "It left today."}, headers=headers)

    await killed(office, settings, step, asked)
    first, again = [await asked(office.url) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()

    async def has_left() -> bool:
        return "It left today." in await centre.phone()

    await eventually(has_left)
    assert (await centre.phone()).count("It left today.") == 1
    assert [words for who, words in await centre.spoken() if who == "agent"] == ["It left today."]
