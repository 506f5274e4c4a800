import httpx2
import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.queries import accounts
from database.queries.accounts import NewAccount
from database.tables import Account, Connector, Skill
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox
from settings import Environment, Settings, WebSettings
from tests.api.conftest import Office, served
from tests.api.documented import example
from tests.fixtures.brand import ACCOUNT_SID, ENCRYPTION_KEYS, Brand
from tests.fixtures.centre import Centre


async def test_a_skill_is_created_read_changed_and_retired(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    account = office.brand.account_id
    made = await as_ada.post("/v1/skills", json={"name": "Returns & Repairs"})
    assert made.status_code == 201
    path = f"/v1/skills/{account}-returns-repairs"
    assert (await as_ada.get(path)).json() == made.json()
    changed = await as_ada.patch(path, json={"priority": 2})
    assert changed.json() == made.json() | {"priority": 2}
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    await as_ada.patch(agent, json={"skills": [made.json()["id"]]})
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.get(path)).json()["retired_at"]
    assert (await as_ada.get(agent)).json()["skills"] == []
    listed = (await as_ada.get("/v1/skills")).json()["items"]
    assert made.json()["id"] not in [skill["id"] for skill in listed]
    every = (await as_ada.get("/v1/skills", params={"retired": True})).json()["items"]
    assert made.json()["id"] in [skill["id"] for skill in every]
    assert (await as_ada.patch(path, json={"priority": 3})).json()["code"] == "conflict"


async def test_ids_come_from_names_or_are_given(office: Office, as_ada: httpx2.AsyncClient) -> None:
    account = office.brand.account_id
    names = [
        (await as_ada.post("/v1/skills", json={"name": name})).json()["id"]
        for name in ("Support", "Support", "日本語")
    ]
    assert names == [f"{account}-support-2", f"{account}-support-3", f"{account}-x"]
    given = {"id": f"{account}-mine", "name": "Mine"}
    assert (await as_ada.post("/v1/skills", json=given)).json()["id"] == f"{account}-mine"
    assert (await as_ada.post("/v1/skills", json=given)).status_code == 409
    foreign = {"id": "other-mine", "name": "Mine"}
    assert (await as_ada.post("/v1/skills", json=foreign)).status_code == 422


async def test_a_list_is_read_page_by_page(as_ada: httpx2.AsyncClient) -> None:
    for number in range(5):
        await as_ada.post("/v1/skills", json={"name": f"Skill {number}"})
    ids: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await as_ada.get("/v1/skills", params=params)).json()
        ids += [skill["id"] for skill in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == 7


async def test_nothing_that_is_still_in_use_is_retired(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    for path, what in (
        (f"/v1/connectors/{brand.account_id}-twilio", "still has lines"),
        (f"/v1/lines/{brand.line_id}", "open conversations"),
        (f"/v1/skills/{brand.support}", "entry skill of a line"),
        (f"/v1/agents/{brand.ann.agent_id}", "open conversations"),
        (f"/v1/agents/{office.ada.agent_id}", "only admin"),
    ):
        refused = await as_ada.delete(path)
        assert refused.status_code == 409, path
        assert what in refused.json()["detail"]
    demoted = await as_ada.patch(f"/v1/agents/{office.ada.agent_id}", json={"role": "agent"})
    assert demoted.status_code == 409


async def test_a_skill_with_waiting_conversations_is_not_retired(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    await as_ada.patch(
        f"/v1/lines/{office.brand.line_id}", json={"entry_skill": office.brand.sales}
    )
    refused = await as_ada.delete(f"/v1/skills/{office.brand.support}")
    assert refused.status_code == 409
    assert "open conversations" in refused.json()["detail"]


async def test_a_connectors_secrets_are_written_encrypted_and_never_shown(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    secret = {"account_sid": ACCOUNT_SID, "auth_token": "first-secret"}
    new = {"provider": "twilio", "name": "Second", "secret": secret}
    made = await as_ada.post("/v1/connectors", json=new)
    assert made.status_code == 201
    path = f"/v1/connectors/{made.json()['id']}"
    changed = await as_ada.patch(path, json={"secret": secret | {"auth_token": "next-secret"}})
    for answer in (made, changed, await as_ada.get(path), await as_ada.get("/v1/connectors")):
        assert "-secret" not in answer.text
    async with office.sessions() as session:
        query = select(Connector.secret).where(Connector.id == made.json()["id"])
        sealed = (await session.scalars(query)).one()
    assert b"secret" not in sealed
    assert (
        SecretBox(Keyring.parse(ENCRYPTION_KEYS)).unseal(sealed, TwilioCredentials).auth_token
        == "next-secret"
    )
    unknown = await as_ada.post("/v1/connectors", json=new | {"provider": "pigeon"})
    assert unknown.status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_sid", "AC" + "é" * 32),
        ("account_sid", "AC" + "１" * 32),
        ("account_sid", "AC" + "0" * 31),
        ("account_sid", "AC" + "0" * 33),
        ("account_sid", "AC" + "0" * 32 + "\n"),
        ("account_sid", "AC" + "g" * 32),
        ("account_sid", "SK" + "0" * 32),
        ("account_sid", ""),
        ("api_key_sid", "AC" + "0" * 32),
        ("api_key_sid", "SK" + "é" * 32),
        ("auth_token", "tökén"),
        ("auth_token", "two\nlines"),
        ("signing_keys", {"key": "schlüssel"}),
        ("signing_keys", {"schlüssel": "key"}),
    ],
)
async def test_what_cannot_be_a_credential_is_refused(
    office: Office, as_ada: httpx2.AsyncClient, field: str, value: object
) -> None:
    secret = {"account_sid": ACCOUNT_SID, "auth_token": "secret"} | {field: value}
    new = {"provider": "twilio", "name": "Second", "secret": secret}
    refused = await as_ada.post("/v1/connectors", json=new)
    assert refused.status_code == 422
    assert f"{field}: " in refused.json()["detail"]
    path = f"/v1/connectors/{office.brand.account_id}-twilio"
    assert (await as_ada.patch(path, json={"secret": secret})).status_code == 422


async def test_the_forms_of_identifiers_are_listed_with_a_provider(
    as_ada: httpx2.AsyncClient,
) -> None:
    listed = (await as_ada.get("/v1/providers")).json()
    (twilio,) = (one for one in listed if one["name"] == "twilio")
    patterns = {one["name"]: one["pattern"] for one in twilio["fields"] if one["pattern"]}
    assert patterns == {
        "account_sid": "^AC[0-9a-fA-F]{32}$",
        "api_key_sid": "^SK[0-9a-fA-F]{32}$",
    }


async def test_whether_texts_may_overtake_one_in_doubt_is_a_connectors_setting(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/connectors/{office.brand.account_id}-twilio"
    assert (await as_ada.get(path)).json()["may_overtake_unconfirmed"] is True
    changed = await as_ada.patch(path, json={"may_overtake_unconfirmed": False})
    assert changed.json()["may_overtake_unconfirmed"] is False


async def test_whether_parts_of_long_texts_are_joined_is_a_connectors_setting(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/connectors/{office.brand.account_id}-twilio"
    before = (await as_ada.get(path)).json()
    assert (before["segments"], before["join_window_seconds"]) == ("separate", 60)
    wanted = {"segments": "joined", "join_window_seconds": 30}
    changed = (await as_ada.patch(path, json=wanted)).json()
    assert {name: changed[name] for name in wanted} == wanted
    for wrong in ({"segments": "cut"}, {"join_window_seconds": 5}, {"join_window_seconds": 601}):
        assert (await as_ada.patch(path, json=wrong)).status_code == 422


async def test_texts_go_to_another_address_than_the_providers_in_development_only(
    settings: Settings, office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/connectors/{office.brand.account_id}-twilio"
    change = {"api_url": "http://127.0.0.1:9999/"}
    assert (await as_ada.patch(path, json=change)).json()["api_url"] == "http://127.0.0.1:9999"
    live = settings.model_copy(
        update={
            "environment": Environment.production,
            "web": WebSettings(public_base_url="https://api.test"),
        }
    )
    async with served(live) as url:
        headers = {"Authorization": as_ada.headers["Authorization"]}
        async with httpx2.AsyncClient(base_url=url, headers=headers) as in_production:
            assert (await in_production.patch(path, json=change)).status_code == 422


async def test_a_new_agent_logs_in_and_a_retired_one_does_not(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    new = {
        "name": "Cleo",
        "email": "Cleo@Brand.test",
        "password": "a very long password",
        "skills": [office.brand.sales],
        "capacity": 3,
    }
    made = await as_ada.post("/v1/agents", json=new)
    assert made.status_code == 201
    assert (made.json()["skills"], made.json()["load"]) == ([office.brand.sales], 0)
    assert (await as_ada.post("/v1/agents", json=new)).status_code == 409
    log_in = {"email": "cleo@brand.test", "password": "a very long password"}
    async with office.calling() as nobody:
        token = (await nobody.post("/v1/sessions", json=log_in)).json()["token"]
        async with office.calling(token) as cleo:
            assert (await cleo.get("/v1/me")).status_code == 200
            path = f"/v1/agents/{made.json()['id']}"
            assert (await as_ada.delete(path)).status_code == 204
            assert (await cleo.get("/v1/me")).status_code == 401
        assert (await nobody.post("/v1/sessions", json=log_in)).status_code == 401


async def test_agents_skills_are_replaced_whole_and_must_exist(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/agents/{office.brand.ann.agent_id}"
    both = [office.brand.sales, office.brand.support]
    assert (await as_ada.patch(path, json={"skills": both})).json()["skills"] == both
    assert (await as_ada.patch(path, json={"skills": ["nowhere"]})).status_code == 422
    assert (await as_ada.patch(path, json={"capacity": None})).json()["skills"] == both
    assert (await as_ada.patch(path, json={"name": None})).status_code == 422


async def test_the_account_is_changed_within_its_limits(as_ada: httpx2.AsyncClient) -> None:
    changed = await as_ada.patch("/v1/account", json={"time_zone": "Europe/Berlin"})
    assert changed.json()["time_zone"] == "Europe/Berlin"
    for odd in (
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "localtime"},
        {"auto_close_seconds": 60},
        {"id": "other"},
    ):
        assert (await as_ada.patch("/v1/account", json=odd)).status_code == 422


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/v1/account", {"default_capacity": True}),
        ("/v1/account", {"release_after_seconds": "600"}),
        ("/v1/account", {"has_warm_up": 1}),
        ("/v1/account", {"has_warm_up": "yes"}),
        ("/v1/skills/{sales}", {"priority": True}),
        ("/v1/skills/{sales}", {"idle_weight": "1"}),
        ("/v1/agents/{ann}", {"capacity": "7"}),
        ("/v1/agents/{ann}", {"may_pick": "true"}),
    ],
)
async def test_neither_a_boolean_nor_a_text_is_a_number_and_neither_of_the_others_a_boolean(
    office: Office, as_ada: httpx2.AsyncClient, path: str, change: dict[str, object]
) -> None:
    address = path.format(sales=office.brand.sales, ann=office.brand.ann.agent_id)
    before = (await as_ada.get(address)).json()
    assert (await as_ada.patch(address, json=change)).status_code == 422
    assert (await as_ada.get(address)).json() == before


async def test_an_automatic_message_is_set_replaced_and_removed(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    wanted = {"event": "welcome", "text": "Hello from {brand}!", "line": office.brand.line_id}
    first = (await as_ada.put("/v1/automatic-messages", json=wanted)).json()
    second = (await as_ada.put("/v1/automatic-messages", json=wanted | {"text": "Hi!"})).json()
    assert (first["id"], second["text"], second["language"]) == (second["id"], "Hi!", "en")
    shown = (await as_ada.get("/v1/automatic-messages")).json()
    assert shown["set"] == [second]
    assert {"welcome", "survey_question"} <= {one["event"] for one in shown["defaults"]}
    path = f"/v1/automatic-messages/{second['id']}"
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.get("/v1/automatic-messages")).json()["set"] == []


@pytest.mark.parametrize(
    ("event", "text", "sentence"),
    [
        ("welcome", "Hello {name}", "Unknown placeholder {name}"),
        ("welcome", "x" * 1601, "1601 characters"),
        ("welcome", "  ", "empty"),
        ("survey_question", "x" * 257, "257 characters; 256"),
    ],
)
async def test_a_text_that_could_not_be_sent_is_refused_when_it_is_saved(
    as_ada: httpx2.AsyncClient, event: str, text: str, sentence: str
) -> None:
    refused = await as_ada.put("/v1/automatic-messages", json={"event": event, "text": text})
    assert refused.status_code == 422
    assert sentence in refused.json()["detail"]


async def test_an_account_is_set_up_once(office: Office) -> None:
    async with office.sessions.begin() as session:
        made = await accounts.create(session, NewAccount(name="New Brand", brand="New"))
        assert (made.id, made.default_capacity, made.time_zone) == ("new-brand", 5, "UTC")


async def test_a_creating_request_sent_twice_creates_once(as_ada: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "create-1"}
    first = await as_ada.post("/v1/skills", json={"name": "Once"}, headers=key)
    again = await as_ada.post("/v1/skills", json={"name": "Once"}, headers=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await as_ada.post("/v1/skills", json={"name": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    names = [skill["name"] for skill in (await as_ada.get("/v1/skills")).json()["items"]]
    assert names.count("Once") == 1
    assert "Other" not in names


async def test_two_callers_may_use_the_same_key(office: Office) -> None:
    ids = set()
    for _ in range(2):
        async with office.program(Role.admin, Idempotency_Key="1") as program:
            ids.add((await program.post("/v1/skills", json={"name": "Same"})).json()["id"])
    assert len(ids) == 2


OWNED = ("skills", "agents", "connectors", "lines")


async def test_no_account_takes_or_learns_of_an_id_of_an_account_whose_id_begins_with_its_own(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    ours, theirs = office.brand.account_id, f"{office.brand.account_id}-eu"
    async with office.sessions.begin() as session:
        session.add(Account(id=theirs, name="EU", brand="EU"))
        await session.flush()
        session.add(Skill(id=f"{theirs}-support", account_id=theirs, name="Support"))
    for kind in OWNED:
        new = example("POST", f"/v1/{kind}")
        if kind == "lines":
            new |= {"connector": f"{ours}-twilio", "entry_skill": office.brand.support}
        for given in (f"{theirs}-support", f"{theirs}-nothing", f"{theirs}", f"x-{ours}-a"):
            answer = await as_ada.post(f"/v1/{kind}", json=new | {"id": given})
            assert answer.status_code == 422, (kind, given, answer.text)
            assert answer.json()["detail"].startswith(f"An id begins with {ours}- ")
        by_name = await as_ada.post(f"/v1/{kind}", json=new | {"name": "EU support"})
        assert by_name.status_code == 422
        good = await as_ada.post(f"/v1/{kind}", json=new | {"id": f"{ours}-europe-1"})
        assert good.status_code == 201, good.text


async def test_accounts_are_set_up_only_with_ids_that_begin_no_others(
    session_factory: Sessions, brand: Brand
) -> None:
    ours = brand.account_id
    for other in (f"{ours}-eu", f"{ours}-eu-west", f"{ours}-1"):
        async with session_factory() as session:
            with pytest.raises(Conflict, match="is too close to"):
                await accounts.create(session, NewAccount(name="Other", brand="O", id=other))
    async with session_factory.begin() as session:
        await accounts.create(session, NewAccount(name=f"{ours}x", brand="O"))
        await accounts.create(session, NewAccount(name=f"a-{ours}-b", brand="O"))
    async with session_factory() as session:
        with pytest.raises(Conflict, match="one id begins with the other"):
            await accounts.create(session, NewAccount(name=f"a {ours}", brand="O"))
        with pytest.raises(Conflict, match="already"):
            await accounts.create(session, NewAccount(name=ours, brand="O"))
        for odd in ("A", "-a", "a-", "a--b", "a_b", "a" * 41, "a\n", "ä"):
            with pytest.raises(Invalid):
                await accounts.create(session, NewAccount(name="Other", brand="O", id=odd))
