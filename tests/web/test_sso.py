"""People log in by their own identity provider: a real one, with every way to fool it."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from urllib.parse import quote, unquote, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import select, update

from database.tables import Agent
from services.openid import Begun, Client, OpenId, OpenIdFailed, proven
from settings import PostSettings, Settings
from tests.api.conftest import Office
from tests.fixtures.clocks import OFF, clock
from tests.fixtures.file_host import ENDLESS, answer, file_host
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.ports import own_port
from tests.web.conftest import PAGE, Browsing

ROLES = "support = agent\nleads = manager"


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[str]:
    """The address of a running identity provider."""
    port = own_port()
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(verify=PLAIN) as client:
        while True:
            try:
                await client.get(f"{url}/.well-known/openid-configuration")
                break
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
    yield url
    started.terminate()
    await started.wait()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The provider is in a network of the installation's own."""
    posts = PostSettings(own_networks=(ip_network("127.0.0.0/8"),))
    return settings.model_copy(update={"posts": posts})


async def set_up(ada: httpx2.AsyncClient, provider: str, **more: str) -> None:
    form = {"issuer": provider, "client_id": "switchboard", "secret": "s", "role_claim": "groups"}
    done = await ada.post("/admin/sign-on", data=form | more, headers=PAGE)
    assert done.status_code == 200, done.text


async def gone(office: Office, browser: httpx2.AsyncClient) -> str:
    """Begin a log-in; returns where the provider is asked."""
    sent = await browser.get(f"/log-in/sso/{office.brand.account_id}")
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"])


async def came_back(asked: str, email: str, **claims: object) -> str:
    """Log in at the provider as somebody; returns the path they come back to."""
    url = urlsplit(asked)
    async with httpx2.AsyncClient(verify=PLAIN) as there:
        known = {"email": email, "name": "Cleo", "email_verified": True, **claims}
        of_user = {name: value for name, value in known.items() if value is not None}
        subject = quote(str(of_user.pop("sub", email)), safe="")
        await there.put(f"{url.scheme}://{url.netloc}/users/{subject}", json=of_user)
        back = await there.post(asked, data={"sub": unquote(subject)})
    assert back.status_code in (302, 303), back.text
    returned = urlsplit(back.headers["Location"])
    return f"{returned.path}?{returned.query}"


async def test_somebody_known_logs_in_and_their_role_comes_from_the_provider(
    office: Office, browsing: Browsing, provider: str
) -> None:
    email = office.email(office.brand.ann)
    async with browsing(office.ada) as ada, office.calling() as ann:
        await set_up(ada, provider)
        back = await came_back(await gone(office, ann), email)
        done = await ann.get(back)
        assert (done.status_code, done.headers["Location"]) == (303, "/workspace")
        assert (await ann.get("/v1/me")).json()["agent"]["name"] == "Ann"
        await set_up(ada, provider, roles=ROLES)
        back = await came_back(await gone(office, ann), email, groups=["support", "leads"])
        assert (await ann.get(back)).status_code == 303
        assert (await ann.get("/v1/me")).json()["role"] == "manager"
        refused = await ann.get(await came_back(await gone(office, ann), email, groups=["cooks"]))
        assert refused.status_code == 401


async def test_a_stranger_is_added_only_where_that_is_wanted(
    office: Office, browsing: Browsing, provider: str
) -> None:
    email = "cleo@brand.test"
    async with browsing(office.ada) as ada, office.calling() as cleo:
        await set_up(ada, provider, roles=ROLES)
        refused = await cleo.get(await came_back(await gone(office, cleo), email, groups="support"))
        assert refused.status_code == 401
        await set_up(ada, provider, roles=ROLES, adds_people="yes")
        done = await cleo.get(await came_back(await gone(office, cleo), email, groups="support"))
        assert done.status_code == 303
        assert (await cleo.get("/v1/me")).json()["agent"]["name"] == "Cleo"


async def test_what_was_not_begun_here_or_is_used_twice_logs_nobody_in(
    office: Office, browsing: Browsing, provider: str
) -> None:
    email = office.email(office.brand.ann)
    async with browsing(office.ada) as ada:
        await set_up(ada, provider)
    async with office.calling() as ann, office.calling() as thief:
        back = await came_back(await gone(office, ann), email)
        assert (await thief.get(back)).status_code == 401, "another browser"
        other_state = re.sub("state=[^&]*", "state=other", back)
        assert (await ann.get(other_state)).status_code == 401
        assert (await ann.get(back)).status_code == 303
        assert (await ann.get(back)).status_code == 401, "twice"
        nobody = await ann.get("/log-in/sso/nobody-here")
        assert (nobody.status_code, "was not completed" in nobody.text) == (401, True)


async def test_an_address_counts_once_and_only_if_it_is_proven(
    office: Office, browsing: Browsing, provider: str
) -> None:
    email = office.email(office.ada)
    async with browsing(office.ada) as ada, office.calling() as other:

        async def status(address: str = email, **claims: object) -> int:
            back = await came_back(await gone(office, other), address, **claims)
            return (await other.get(back)).status_code

        await set_up(ada, provider)
        for claimed in (False, None, "true", 1):
            assert await status(email_verified=claimed, sub="a") == 401, claimed
        await set_up(ada, f"{provider}/", proves_addresses="yes")
        assert await status(email_verified=False, sub="a") == 401, "it says the contrary"
        assert await status(email_verified=None, sub="a") == 303
        assert await status(sub="thief") == 401, "her address, and not her"
        assert await status("ada.new@brand.test", sub="a") == 303, "her new address"
        person = f"/admin/agents/{office.ada.agent_id}"
        assert "Forget this id" in (await ada.get(person)).text
        await ada.post(f"{person}/sign-on/forget", headers=PAGE)
        assert await status(sub="b") == 303
        assert await status(sub="a") == 401


async def test_who_was_retired_does_not_come_back_by_the_provider(
    office: Office, browsing: Browsing, provider: str
) -> None:
    async with browsing(office.ada) as ada, office.calling() as cleo:
        await set_up(ada, provider, roles=ROLES, adds_people="yes")
        for email, sub in (("one@brand.test", "same"), ("two@brand.test", "other")):
            done = await cleo.get(
                await came_back(await gone(office, cleo), email, sub=sub, groups="support")
            )
            assert done.status_code == 303
            async with office.sessions.begin() as session:
                await session.execute(
                    update(Agent).where(Agent.email == email).values(retired_at=Agent.created_at)
                )
        for email, sub in (("three@brand.test", "same"), ("two@brand.test", "new")):
            late = await cleo.get(
                await came_back(await gone(office, cleo), email, sub=sub, groups="support")
            )
            assert late.status_code == 401, email


async def test_only_a_public_issuer_with_what_it_needs_is_taken(
    office: Office, browsing: Browsing
) -> None:
    wrong = {
        "Write one": {"roles": "support = boss"},
        "secret": {"secret": ""},
        "user name": {"issuer": "https://a:b@idp.example"},
        "To add people": {"adds_people": "yes"},
    }
    form = {"issuer": "https://idp.example", "client_id": "c", "secret": "s", "role_claim": "g"}
    async with browsing(office.ada) as ada:
        for told, more in wrong.items():
            refused = await ada.post("/admin/sign-on", data=form | more, headers=PAGE)
            assert (refused.status_code, told in refused.text) == (422, True), told
        page = await ada.get("/admin/sign-on")
        assert f"/log-in/sso/{office.brand.account_id}" in page.text
        await set_up(ada, "https://idp.example")
        assert 'value="s"' not in (await ada.get("/admin/sign-on")).text
        removed = await ada.post("/admin/sign-on/remove", headers=PAGE)
        assert removed.status_code == 200


KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("one", "one"))
CLIENT = Client("https://idp.example", "switchboard", "secret")
BEGUN = Begun("state", "nonce", "verifier")
GOOD = {"iss": CLIENT.issuer, "aud": CLIENT.client_id, "nonce": "nonce", "sub": "1"}


def token(*, key: RSAKey = KEY, claims: Mapping[str, object] | None = None) -> str:
    header = {"alg": "RS256", "kid": "one"}
    whole = {"exp": int(time.time()) + 300, **GOOD, **(claims or {})}
    present = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(header, present, key, algorithms=["RS256"])


def test_a_token_proves_something_only_if_all_of_it_is_right() -> None:
    keys = KeySet([KEY]).as_dict(private=False)
    assert proven(token(), keys, CLIENT, BEGUN, datetime.now(UTC))["sub"] == "1"
    wrong: list[dict[str, object]] = [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"azp": "another"},
    ]
    for claims in wrong:
        with pytest.raises(OpenIdFailed):
            proven(token(claims=claims), keys, CLIENT, BEGUN, datetime.now(UTC))
    unfit: list[dict[str, object]] = [{"sub": "a\0b"}, {"email": "a\0b@brand.test"}]
    for claims in unfit:
        with pytest.raises(OpenIdFailed):
            proven(token(claims=claims), keys, CLIENT, BEGUN, datetime.now(UTC))
    for forged in (token(key=OTHER), token()[:-4] + "AAAA", "", "a.b.c"):
        with pytest.raises(OpenIdFailed):
            proven(forged, keys, CLIENT, BEGUN, datetime.now(UTC))


@pytest.mark.parametrize("off", [-OFF, OFF])
def test_a_token_is_judged_by_the_time_of_all_processes(off: timedelta) -> None:
    keys, now = KeySet([KEY]).as_dict(private=False), datetime.now(UTC)
    fresh = token(claims={"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 120})
    with clock(off):
        assert proven(fresh, keys, CLIENT, BEGUN, now)["sub"] == "1"


async def test_the_first_admin_stays_one_whatever_the_provider_says(
    office: Office, browsing: Browsing, provider: str
) -> None:
    email = office.email(office.ada)
    async with browsing(office.ada) as ada, office.calling() as back_again:
        await set_up(ada, provider, roles=ROLES)
        back = await came_back(await gone(office, back_again), email, groups="support")
        refused = await back_again.get(back)
        assert refused.status_code == 409
    async with office.sessions() as session:
        query = select(Agent.role).where(Agent.id == office.ada.agent_id)
        assert await session.scalar(query) == "admin"


@pytest.mark.parametrize("body", [ENDLESS, answer(200, b"[" * 100_000)])
async def test_a_provider_that_answers_without_end_or_sense_is_given_up(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.openid.SECONDS", 0.2)
    openid = OpenId((ip_network("127.0.0.0/8"),))
    async with file_host() as host:
        host.gives("/.well-known/openid-configuration", body)
        with pytest.raises(OpenIdFailed):
            await openid.begin(Client(host.url, "switchboard", "secret"))
    await openid.close()
