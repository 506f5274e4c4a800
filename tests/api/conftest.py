"""A real API server over the test's own database, and people who call it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import uvicorn
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from application.server import create_app
from cli.bounded_http import bounded_http
from database.engine import Sessions
from database.tables import Account, Agent, ApiToken, Session
from domain.people.roles import Role
from security.passwords import (
    SESSION_PREFIX,
    TOKEN_PREFIX,
    PasswordCheck,
    Passwords,
    digest,
    new_secret,
)
from settings import Settings
from tests.api.documented import WORDS, example
from tests.fixtures.brand import Brand
from tests.fixtures.centre import Centre
from tests.fixtures.file_host import picture
from tests.fixtures.plain_http import PLAIN
from tests.simulator.serving import TestServer
from workflows.conversation.messages import CONVERSATIONS_QUEUE, Actor

PASSWORD = "a very long password"


@pytest.fixture
def task_queue() -> str:
    """The queue the API itself opens conversations on."""
    return CONVERSATIONS_QUEUE


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """Serve the API on a free port; yields its address."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        port=0,
        log_config=None,
        access_log=False,
        lifespan="on",
        http=bounded_http(),
        ws="none",
    )
    server = TestServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done()
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        app.state.stopping.set()
        server.should_exit = True
        await task


@pytest.fixture
async def api_url(
    settings: Settings, temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with served(settings) as url:
        yield url


@dataclass(frozen=True)
class Office:
    """The API's address, and the people of a brand who call it."""

    url: str
    sessions: Sessions
    brand: Brand
    ada: Actor
    """The admin."""

    @asynccontextmanager
    async def program(self, role: Role, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
        """Call as a program with a token."""
        secret = new_secret(TOKEN_PREFIX)
        token = {
            "id": f"token-{secret[4:10].lower()}",
            "account_id": self.brand.account_id,
            "name": "Program",
            "token_hash": digest(secret),
            "role": str(role),
        }
        async with self.sessions.begin() as session:
            await session.execute(insert(ApiToken).values(token))
        async with self.calling(secret, **headers) as client:
            yield client

    @asynccontextmanager
    async def person(self, actor: Actor, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
        """Call as a person who logged in."""
        secret = new_secret(SESSION_PREFIX)
        expires_at = datetime.now(UTC) + timedelta(hours=1)
        log_in = {"token_hash": digest(secret), "agent_id": actor.agent_id}
        async with self.sessions.begin() as session:
            await session.execute(insert(Session).values(**log_in, expires_at=expires_at))
        async with self.calling(secret, **headers) as client:
            yield client

    @asynccontextmanager
    async def calling(
        self, secret: str | None = None, **headers: str
    ) -> AsyncIterator[httpx2.AsyncClient]:
        """Call with a secret, or as a stranger."""
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx2.AsyncClient(base_url=self.url, headers=headers, verify=PLAIN) as client:
            yield client

    def email(self, actor: Actor) -> str:
        return f"{actor.agent_id}@brand.test"


@pytest.fixture
async def office(api_url: str, brand: Brand, session_factory: Sessions) -> Office:
    ada = Actor(agent_id=f"{brand.account_id}-ada", name="Ada", role=Role.admin)
    await _add_admin(session_factory, brand.account_id, ada)
    return Office(api_url, session_factory, brand, ada)


async def _add_admin(sessions: Sessions, account_id: str, actor: Actor) -> None:
    async with sessions.begin() as session:
        await session.execute(
            insert(Agent).values(
                id=actor.agent_id,
                account_id=account_id,
                name=actor.name,
                email=f"{actor.agent_id}@brand.test",
                password_hash="nobody logs in with this",
                role=str(actor.role),
            )
        )


@pytest.fixture
async def strangers(office: Office) -> Office:
    """Another account with an admin of its own, at the same API."""
    account_id = f"{office.brand.account_id}x"
    zoe = Actor(agent_id=f"{account_id}-zoe", name="Zoe", role=Role.admin)
    async with office.sessions.begin() as session:
        await session.execute(insert(Account).values(id=account_id, name="X", brand="X"))
    await _add_admin(office.sessions, account_id, zoe)
    return replace(office, brand=replace(office.brand, account_id=account_id), ada=zoe)


@pytest.fixture
async def as_ann(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    async with office.person(office.brand.ann) as client:
        yield client


@pytest.fixture
async def as_ben(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    async with office.person(office.brand.ben) as client:
        yield client


@pytest.fixture
async def as_mia(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    async with office.person(office.brand.mia) as client:
        yield client


@pytest.fixture
async def as_ada(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    async with office.person(office.ada) as client:
        yield client


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of `PASSWORD`: slow to make, so made once."""
    return Passwords.create().hasher.hash(PASSWORD)


@pytest.fixture
async def ann_with_password(office: Office, password_hash: str) -> Actor:
    async with office.sessions.begin() as session:
        change = update(Agent).where(Agent.id == office.brand.ann.agent_id)
        await session.execute(change.values(password_hash=password_hash))
    return office.brand.ann


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are compared without their hash, and nobody waits: these are many attempts.

    What stands in the place of a hash and is none is the password itself.
    """

    async def check(_: object, password: str, password_hash: str | None) -> PasswordCheck:
        is_hash = password_hash is not None and password_hash.startswith("$")
        return PasswordCheck(password == (PASSWORD if is_hash else password_hash))

    monkeypatch.setattr("security.passwords.Passwords.check", check)
    monkeypatch.setattr("api.log_in_attempts.SLOW_SECONDS", 0)


@pytest.fixture
async def things(office: Office, centre: Centre, as_ada: httpx2.AsyncClient) -> dict[str, str]:
    """An id of everything the brand has, by the name routes call it."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    token = (await as_ada.post("/v1/tokens", json={"name": "P", "role": "manager"})).json()
    text = {"event": "welcome", "text": "Hi"}
    conversation = f"/v1/conversations/{(await centre.conversation()).id}"
    later = {"text": "Hi", "at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    async with office.person(office.brand.ann) as as_ann:
        scheduled = (await as_ann.post(f"{conversation}/scheduled-texts", json=later)).json()
    message = (await as_ada.put("/v1/automatic-messages", json=text)).json()
    timer = {"event": "agent_silent", "delay_seconds": 60}
    timed = (await as_ada.put("/v1/automatic-messages/timers", json=timer)).json()
    survey = (await as_ada.put("/v1/surveys", json={"design": {}})).json()
    file = (await as_ada.post(f"{conversation}/media", content=picture())).json()
    address = {"name": "Hooks", "url": "https://example.com/hooks"}
    endpoint = (await as_ada.post("/v1/endpoints", json=address)).json()
    menu = {"name": "Hotline", "design": {"line": office.brand.line_id}}
    menu = (await as_ada.post("/v1/menus", json=menu)).json()
    call = {"number": "+15550177", "menu": menu["id"]}
    call = (await as_ada.post("/v1/calls/eligibility", json=call)).json()
    people = {
        "name": "Robo",
        "url": "https://example.com/bot",
        "fallback_skill": office.brand.sales,
    }
    bot = (await as_ada.post("/v1/bots", json=people)).json()
    source = {"line": office.brand.line_id, "skill": office.brand.sales, "keyword": "poster"}
    source = (await as_ada.post("/v1/sources", json=source | {"name": "Poster"})).json()
    reason = (await as_ada.post("/v1/closing-reasons", json={"name": "Solved"})).json()
    label = (await as_ada.post("/v1/labels", json={"name": "Refund"})).json()
    new = {"line": office.brand.line_id, "text": "Hi", "title": "Spring"}
    batch = (await as_ada.post("/v1/batches", json=new)).json()
    field = {"name": "Order number", "kind": "text"}
    field = (await as_ada.post("/v1/consumer-fields", json=field)).json()
    team = (await as_ada.post("/v1/teams", json={"name": "Billing"})).json()
    tried = f"/v1/lines/{office.brand.line_id}/tests"
    tried = (await as_ada.post(tried, json={"number": "+15550100187"})).json()
    panel = {"name": "Orders", "template": "https://crm.example.com/{number}"}
    panel = (await as_ada.post("/v1/panels", json=panel)).json()
    told = new | {"number": "+15550100188"}
    notification = (await as_ada.post("/v1/notifications", json=told)).json()
    saved = {"title": "Thanks", "name": "thanks", "texts": {"en": "Thank you"}, "is_shared": True}
    saved = (await as_ada.post("/v1/saved-replies", json=saved)).json()
    view = {"name": "Overdue", "filters": {"overdue": True}, "is_shared": True}
    view = (await as_ada.post("/v1/views", json=view)).json()
    kept = {"name": "Bad ratings", "filters": {"satisfied": False}, "is_shared": True}
    kept = (await as_ada.post("/v1/history/views", json=kept)).json()
    bulk = {"action": {"kind": "label", "add": [label["id"]]}, "filters": {}}
    job = (await as_ada.post("/v1/bulk-jobs", json=bulk)).json()
    erased = {"number": "+15550100187", "reason": "They asked"}
    erased = (await as_ada.post("/v1/erasures", json=erased)).json()
    export = (await as_ada.post("/v1/exports", json={"kind": "messages"})).json()
    daily = {"name": "Texts", "kind": "messages", "every": "day"}
    daily = (await as_ada.post("/v1/export-schedules", json=daily)).json()
    lake = example("POST", "/v1/export-buckets")
    lake = (await as_ada.post("/v1/export-buckets", json=lake)).json()
    browser = example("PUT", "/v1/me/push-subscriptions")
    browser = (await as_ada.put("/v1/me/push-subscriptions", json=browser)).json()
    return {
        "job_id": job["id"],
        "team_id": team["id"],
        "test_id": tried["id"],
        "subscription_id": browser["id"],
        "batch_id": batch["id"],
        "erasure_id": erased["id"],
        "export_id": export["id"],
        "schedule_id": daily["id"],
        "bucket_id": lake["id"],
        "field_id": field["id"],
        "panel_id": panel["id"],
        "notification_id": notification["id"],
        **WORDS,
        "menu_id": menu["id"],
        "call_id": call["call_id"],
        "bot_id": bot["id"],
        "agent_id": office.brand.ben.agent_id,
        "skill_id": office.brand.support,
        "line_id": office.brand.line_id,
        "connector_id": f"{office.brand.account_id}-twilio",
        "token_id": token["id"],
        "endpoint_id": endpoint["id"],
        "event_id": str(endpoint["read_to"]),
        "message_id": str(message["id"]),
        "timer_id": str(timed["id"]),
        "survey_id": str(survey["id"]),
        "conversation_id": str((await centre.conversation()).id),
        "text_id": scheduled["message_id"],
        "file_id": file["id"],
        "key": "nobody-gave-this",
        "source_id": source["id"],
        "reply_id": saved["id"],
        "view_id": view["id"],
        "history_view_id": kept["id"],
        "label_id": label["id"],
        "closing_reason_id": reason["id"],
        "consumer_id": centre.thread.consumer_id,
    }
