"""Logging in and out in a browser, strangers, and expired log-ins."""

import httpx2

from api.caller import COOKIE
from tests.api.conftest import PASSWORD, Office
from tests.web.at_the_workspace import boot
from tests.web.conftest import PAGE, Browsing
from workflows.conversation.messages import Actor


async def test_a_stranger_is_asked_to_log_in_and_goes_on_where_they_wanted(
    office: Office, ann_with_password: Actor
) -> None:
    async with office.calling() as stranger:
        asked = await stranger.get("/workspace?view=waiting")
        assert asked.status_code == 303
        assert asked.headers["Location"] == "/log-in?next=%2Fworkspace%3Fview%3Dwaiting"
        page = await stranger.get(asked.headers["Location"])
        assert 'value="/workspace?view=waiting"' in page.text
        form = {
            "email": office.email(ann_with_password),
            "password": PASSWORD,
            "wanted": "/workspace?view=waiting",
        }
        done = await stranger.post("/log-in", data=form, headers={"X-Switchboard": "1"})
        assert done.status_code == 303
        assert done.headers["Location"] == "/workspace?view=waiting"
        workspace = await stranger.get("/workspace")
        assert workspace.status_code == 200
        assert (await boot(stranger)).own.agent.name == "Ann"


async def test_logging_in_never_leads_to_another_site(
    office: Office, ann_with_password: Actor
) -> None:
    for odd in ("https://evil.test/workspace", "//evil.test/workspace", "/workspaces", "/v1/me"):
        async with office.calling() as stranger:
            page = await stranger.get("/log-in", params={"next": odd})
            assert 'name="wanted" value="/workspace"' in page.text
            form = {"email": office.email(ann_with_password), "password": PASSWORD, "wanted": odd}
            done = await stranger.post("/log-in", data=form, headers=PAGE)
            assert done.headers["HX-Redirect"] == "/workspace"


ODD_PAGES = [
    "/workspace/日本",
    "/workspace/\r\nX: y",
    "/workspace/%0d%0aX:%20y",
    "/workspace/../../evil",
    "/workspace/%2e%2e/v1/me",
    "/workspace/.",
    "/workspace//evil.test",
    "/workspace/\\evil.test",
    "/workspace/%5Cevil.test",
    "/workspace\\@evil.test",
    "/\\evil.test/workspace",
    "/workspace/%E6%97%A5",
    "/workspace/a b",
    "/workspace/%C5%BF",
    "/workspace/@evil.test",
    "javascript:alert(1)",
    "\t/workspace",
    "/workspace?x=日",
    "/workspace#\u2028",
    "",
]
PLAIN_PAGES = ["/workspace/", "/admin/skills/acme-1?saved=true", "/board?x=%20%E6&y=/../", "/board"]


async def test_an_odd_address_to_go_to_leads_home_and_is_no_fault(
    office: Office, ann_with_password: Actor
) -> None:
    async with office.calling() as stranger:
        for wanted in [*ODD_PAGES, *PLAIN_PAGES]:
            home = wanted if wanted in PLAIN_PAGES else "/workspace"
            page = await stranger.get("/log-in", params={"next": wanted})
            assert f'name="wanted" value="{home}"' in page.text.replace("&amp;", "&"), wanted
    for wanted in ["/workspace/日本", "/workspace/\r\nX: y", "/workspace/../x", *PLAIN_PAGES[:2]]:
        form = {"email": office.email(ann_with_password), "password": PASSWORD, "wanted": wanted}
        home = wanted if wanted in PLAIN_PAGES else "/workspace"
        async with office.calling() as stranger:
            by_script = await stranger.post("/log-in", data=form, headers=PAGE)
            plain = await stranger.post("/log-in", data=form, headers={"X-Switchboard": "1"})
        assert (by_script.status_code, by_script.headers["HX-Redirect"]) == (200, home)
        assert (plain.status_code, plain.headers["Location"]) == (303, home)


async def test_a_wrong_password_is_said_and_the_address_kept(
    office: Office, ann_with_password: Actor
) -> None:
    email = office.email(ann_with_password)
    async with office.calling() as stranger:
        form = {"email": email, "password": "guessed"}
        page = await stranger.post("/log-in", data=form, headers={"X-Switchboard": "1"})
        part = await stranger.post("/log-in", data=form, headers=PAGE)
    assert page.status_code == part.status_code == 401
    assert "E-mail address or password is wrong." in page.text
    assert f'value="{email}"' in page.text
    assert part.text.strip() == "<p>E-mail address or password is wrong.</p>"
    assert COOKIE not in page.cookies


async def test_another_site_can_not_log_somebody_in(
    office: Office, ann_with_password: Actor
) -> None:
    form = {"email": office.email(ann_with_password), "password": PASSWORD}
    async with office.calling() as stranger:
        done = await stranger.post("/log-in", data=form, headers={"Origin": "https://evil.test"})
    assert done.status_code == 403
    assert COOKIE not in done.cookies


async def test_an_expired_log_in_leads_back_to_the_log_in(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.ann, hours_left=-1) as ann:
        page = await ann.get("/workspace")
        current = {"HX-Current-URL": f"{office.url}/workspace?view=all"}
        part = await ann.post("/workspace/state", data={"state": "online"}, headers=PAGE | current)
        scripts = [await ann.get(f"/workspace/{path}") for path in ("boot", "list", "stream")]
    assert page.headers["Location"] == "/log-in?next=%2Fworkspace"
    assert part.headers["HX-Redirect"] == "/log-in?next=%2Fworkspace%3Fview%3Dall"
    assert part.status_code == 401
    for answer in scripts:
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_after_logging_out_pages_ask_to_log_in(office: Office, browsing: Browsing) -> None:
    async with browsing(office.brand.ann) as ann:
        assert (await ann.get("/workspace")).status_code == 200
        out = await ann.post("/log-out", headers=PAGE)
        assert out.headers["HX-Redirect"] == "/log-in?out=true"
        assert "You are logged out." in (await ann.get("/log-in?out=true")).text
        assert (await ann.get("/workspace")).status_code == 303


async def test_the_first_address_leads_to_the_workspace(office: Office, browsing: Browsing) -> None:
    async with browsing(office.brand.ann) as ann:
        answer: httpx2.Response = await ann.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/workspace")
