"""Who reads Temporal's payloads: operators all of them, admins their own account's."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx2
import pytest
from cryptography.fernet import InvalidToken
from google.protobuf import json_format
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import ActivitySerializationContext, WorkflowSerializationContext

from api.caller import COOKIE
from api.codec import OPERATOR_COOKIE
from database.tables import Connector, Line, Operator
from domain.people.roles import Role
from security.passwords import OPERATOR_PREFIX, digest, new_secret
from security.secrets import Keyring
from temporal.codec import KEY, SCOPE, EncryptionCodec
from tests.api.conftest import Office
from tests.api.test_operations import UI, clear, encrypted
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import Centre

SECRET = '"+15550123 on Support"'


def codec_of(workflow: str) -> EncryptionCodec:
    codec = EncryptionCodec(Keyring.parse(ENCRYPTION_KEYS).payload_cipher())
    return codec.with_context(WorkflowSerializationContext("default", workflow))


@pytest.fixture
async def operator(office: Office) -> str:
    """An operator's token."""
    token = new_secret(OPERATOR_PREFIX)
    async with office.sessions.begin() as session:
        await session.execute(insert(Operator).values(name="olga", token_hash=digest(token)))
    return token


@pytest.fixture
async def theirs(strangers: Office) -> Office:
    """The other account, with a line of its own."""
    line = {"id": f"{strangers.brand.account_id}-line", "name": "L", "kind": "long_code"}
    account = {"account_id": strangers.brand.account_id}
    async with strangers.sessions.begin() as session:
        ours = (await session.scalars(select(Line))).one()
        connector = {"id": f"{line['id']}-c", "provider": "twilio", "name": "C", "secret": b""}
        await session.execute(insert(Connector).values(connector | account))
        values = {"connector_id": connector["id"], "address": "+15550100008"}
        values |= {"entry_skill_id": ours.entry_skill_id}
        await session.execute(insert(Line).values(line | account | values))
    return replace(strangers, brand=replace(strangers.brand, line_id=str(line["id"])))


@asynccontextmanager
async def admins(office: Office) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """An account's admin, by log-in, by cookie and by token."""
    async with office.person(office.ada) as person, office.program(Role.admin) as program:
        cookie = person.headers["Authorization"].removeprefix("Bearer ")
        async with office.calling(Cookie=f"{COOKIE}={cookie}", Origin=UI) as browser:
            browser.headers["X-Switchboard"] = "1"
            del browser.headers["Origin"]
            yield [person, program, browser]


async def test_an_admin_reads_what_is_of_the_own_account_and_nothing_of_others(
    office: Office, theirs: Office
) -> None:
    ours, others = await encrypted(office, SECRET), json.loads(await encrypted(office, SECRET))
    async with admins(office) as of_ours, admins(theirs) as of_others:
        for admin in of_ours:
            assert clear((await admin.post("/codec/decode", content=ours)).text) == SECRET
        for admin in of_others:
            refused = await admin.post("/codec/decode", content=ours)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
            assert "5550123" not in refused.text
            # Nor under a scope of their own, nor of nothing.
            for scope in (f"line/{theirs.brand.account_id}-line", "operator", "", None):
                payload = others["payloads"][0]
                payload["metadata"].pop(SCOPE, None)
                if scope is not None:
                    payload["metadata"][SCOPE] = base64.b64encode(scope.encode()).decode()
                forged = await admin.post("/codec/decode", content=json.dumps(others))
                assert forged.status_code in (403, 422), scope
                assert "5550123" not in forged.text


async def test_of_payloads_of_several_accounts_an_admin_reads_none(
    office: Office, theirs: Office
) -> None:
    ours, others = [json.loads(await encrypted(one, SECRET)) for one in (office, theirs)]
    mixed = json.dumps({"payloads": ours["payloads"] + others["payloads"]})
    async with office.person(office.ada) as ada:
        assert (await ada.post("/codec/decode", content=mixed)).status_code == 403


async def test_an_operator_reads_all_accounts_by_token_and_in_a_browser(
    office: Office, theirs: Office, operator: str
) -> None:
    async with (
        office.calling(operator) as by_token,
        office.calling(Cookie=f"{OPERATOR_COOKIE}={operator}", Origin=UI) as by_cookie,
        office.calling(
            Cookie=f"{OPERATOR_COOKIE}={operator}", Origin="https://x.test"
        ) as elsewhere,
    ):
        for of in (office, theirs):
            body = await encrypted(of, SECRET)
            for client in (by_token, by_cookie):
                assert clear((await client.post("/codec/decode", content=body)).text) == SECRET
            assert (await elsewhere.post("/codec/decode", content=body)).status_code == 403
        # It is no log-in, nor a right to anything else.
        assert (await by_token.get("/v1/me")).status_code == 401
    async with office.calling(operator[:-1]) as forger:
        assert (await forger.post("/codec/decode", content=body)).status_code == 401


async def test_an_operator_gives_the_token_to_their_browser_on_a_page(
    office: Office, operator: str
) -> None:
    async with office.calling(X_Switchboard="1") as browser:
        assert "Operator's token" in (await browser.get("/operator")).text
        wrong = await browser.post("/operator", data={"token": "swo_guessed"})
        assert (wrong.status_code, OPERATOR_COOKIE in browser.cookies) == (401, False)
        done = await browser.post("/operator", data={"token": operator})
        assert done.headers["Location"] == "/operator"
        for cookie, path in zip(
            done.headers.get_list("Set-Cookie"), ("Path=/operator", "Path=/codec/"), strict=True
        ):
            assert "HttpOnly" in cookie
            assert path in cookie
        body = await encrypted(office, SECRET)
        assert clear((await browser.post("/codec/decode", content=body)).text) == SECRET
        await browser.post("/operator/forget")
        assert (await browser.post("/codec/decode", content=body)).status_code == 401
    async with office.calling() as elsewhere:
        assert (await elsewhere.post("/operator", data={"token": operator})).status_code == 403


async def test_a_log_in_as_agent_or_manager_reads_nothing(
    office: Office, as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    body = await encrypted(office, SECRET)
    for client in (as_mia, as_ann):
        for way in ("decode", "encode"):
            assert (await client.post(f"/codec/{way}", content=body)).status_code == 403


async def test_what_an_admin_encrypts_is_read_by_conversations_of_the_account_only(
    office: Office, theirs: Office, operator: str
) -> None:
    plain = json.dumps(
        {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "e30="}]}
    )
    ours = codec_of(f"sms/{office.brand.line_id}/{uuid4()}")
    others = codec_of(f"sms/{theirs.brand.account_id}-line/{uuid4()}")
    async with office.person(office.ada) as ada, office.calling(operator) as olga:
        of_ada = await ada.post("/codec/encode", content=plain)
        of_olga = await olga.post("/codec/encode", content=plain)
        assert clear((await ada.post("/codec/decode", content=of_ada.text)).text) == "{}"
        assert (await ada.post("/codec/decode", content=of_olga.text)).status_code == 403
    [by_ada], [by_olga] = [
        json_format.Parse(answer.text, Payloads()).payloads for answer in (of_ada, of_olga)
    ]
    assert (await ours.decode([by_ada]))[0].data == b"{}"
    assert (await others.decode([by_olga]))[0].data == b"{}"
    with pytest.raises(InvalidToken):
        await others.decode([by_ada])


async def test_a_payload_of_one_line_is_not_taken_in_a_conversation_of_another() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    ours = codec_of("sms/acme-support/1")
    [payload] = await ours.encode([plain])
    assert b"{}" not in payload.SerializeToString()
    activity = ActivitySerializationContext(
        namespace="default",
        activity_id=None,
        activity_type=None,
        activity_task_queue=None,
        workflow_id="sms/acme-support/2",
        workflow_type=None,
        is_local=True,
    )
    assert await ours.with_context(activity).decode([payload]) == [plain]
    for other in ("sms/acme-sales/1", "sms/acme-support-2/1", "sms/acme/1"):
        with pytest.raises(InvalidToken):
            await codec_of(other).decode([payload])
    # Plain as it is: nothing of another scope is taken by renaming it.
    payload.metadata[SCOPE] = b"line/acme-sales"
    with pytest.raises(InvalidToken):
        await codec_of("sms/acme-sales/1").decode([payload])


async def test_everything_of_a_conversation_is_bound_to_its_line(
    office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    history = (await handle.fetch_history()).to_json()
    scopes = set(_scopes(json.loads(history)))
    assert scopes == {f"line/{office.brand.line_id}"}


def _scopes(value: object) -> list[str]:
    match value:
        case dict():
            found = [one for each in value.values() for one in _scopes(each)]
            if SCOPE in value:
                found.append(base64.b64decode(str(value[SCOPE])).decode())
            return found
        case list():
            return [one for each in value for one in _scopes(each)]
        case _:
            return []


@pytest.mark.parametrize(
    "odd", [b"\xff\xfe", b"\0", b"line/\0", b"line/", b"a" * 5000, b"account/"]
)
async def test_an_odd_key_or_scope_is_refused(office: Office, operator: str, odd: bytes) -> None:
    body = json.loads(await encrypted(office, SECRET))
    async with office.person(office.ada) as ada, office.calling(operator) as olga:
        for name in (KEY, SCOPE, "encoding"):
            changed = json.loads(json.dumps(body))
            changed["payloads"][0]["metadata"][name] = base64.b64encode(odd).decode()
            for client in (ada, olga):
                answer = await client.post("/codec/decode", content=json.dumps(changed))
                assert answer.status_code in ((200,) if name == "encoding" else (403, 422))
