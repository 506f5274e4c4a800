"""One e-mail address in several accounts: who logs in, and what nobody learns."""

import pytest
from sqlalchemy import insert

from api.log_in_attempts import MOST_OF_BOTH
from api.log_in_sessions import KNOWN_BROWSER
from database.tables import Agent
from tests.api.conftest import PASSWORD, Office
from tests.api.test_log_ins import tried
from workflows.conversation.messages import Actor


async def also_in(account: Office, email: str, password_hash: str) -> None:
    async with account.sessions.begin() as session:
        values = {"email": email, "password_hash": password_hash, "role": "agent", "name": "Ann"}
        values |= {"id": f"{account.brand.account_id}-ann", "account_id": account.brand.account_id}
        await session.execute(insert(Agent).values(values))


async def test_one_address_in_two_accounts_is_asked_which(
    office: Office, strangers: Office, ann_with_password: Actor, password_hash: str
) -> None:
    ann = office.email(ann_with_password)
    await also_in(strangers, ann, password_hash)
    wrong = await tried(office, ann, "guess")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_log_in")
    asked = await tried(office, ann, PASSWORD)
    assert (asked.status_code, asked.json()["code"]) == (409, "several_accounts")
    for account in (office.brand.account_id, strangers.brand.account_id):
        assert account in asked.json()["detail"]
        body = {"email": ann, "password": PASSWORD, "account": account}
        async with office.calling() as caller:
            done = await caller.post("/v1/sessions", json=body)
            assert done.json()["agent"]["id"] == f"{account}-ann"
            page = await caller.post("/log-in", data=body, headers={"X-Switchboard": "1"})
            assert page.status_code == 303
    async with office.calling(X_Switchboard="1") as caller:
        page = await caller.post("/log-in", data={"email": ann, "password": PASSWORD})
    assert page.status_code == 409
    assert f'<option value="{strangers.brand.account_id}">' in page.text


@pytest.mark.usefixtures("hurried")
async def test_nobody_guesses_at_a_person_by_having_their_address_in_another_account(
    office: Office, strangers: Office, ann_with_password: Actor
) -> None:
    ann, own = office.email(ann_with_password), "known-to-the-other-admin"
    await also_in(strangers, ann, own)
    for _ in range(MOST_OF_BOTH):  # each tries a password of the other's, too
        assert (await tried(office, ann, own)).status_code == 201
    assert (await tried(office, ann, own)).status_code == 429


@pytest.mark.usefixtures("hurried")
async def test_a_browser_known_to_one_account_is_not_known_to_another(
    office: Office, strangers: Office, ann_with_password: Actor
) -> None:
    ann, own = office.email(ann_with_password), "known-to-the-other-admin"
    await also_in(strangers, ann, own)
    body = {"email": ann, "password": own, "account": strangers.brand.account_id}
    guess = body | {"account": office.brand.account_id}
    async with office.calling() as caller:
        assert (await caller.post("/v1/sessions", json=body)).status_code == 201
        mark = f"{KNOWN_BROWSER}={caller.cookies[KNOWN_BROWSER]}"
    async with office.calling() as stranger, office.calling(Cookie=mark) as known:
        for _ in range(MOST_OF_BOTH):
            assert (await stranger.post("/v1/sessions", json=guess)).status_code == 401
        assert (await known.post("/v1/sessions", json=guess)).status_code == 429
