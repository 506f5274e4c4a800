"""People are invited, set their own passwords, and protect their log-ins with codes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx2
import pyotp
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select, update
from sqlalchemy import text as sql

from api.log_in_attempts import MOST_CODES, MOST_MAILS
from database.queries.log_in_failures import codes_of
from database.tables import Agent, AuditEntry, PersonLink
from settings import MailSecurity, MailSettings, Settings
from tests.api.conftest import PASSWORD, Office, served
from tests.fixtures.clocks import OFF, clock
from tests.fixtures.ports import own_port
from tests.web.conftest import PAGE, Browsing
from workflows.conversation.messages import Actor

GUESSED = sql("""
    INSERT INTO log_in_failure (what, times, last_at)
    VALUES (:what, array_fill(now() - interval '1 hour', ARRAY[CAST(:many AS int)]), now())
""")
LEFT = sql("SELECT sum(cardinality(times)) FROM log_in_failure WHERE what = :what")
NEW = {"name": "Cleo", "email": "cleo@brand.test", "role": "agent", "capacity": "3"}
SET = {"password": "a very long password", "again": "a very long password"}


def link_in(page: str) -> str:
    [link] = re.findall(r"/welcome\?key=[\w-]+", page)
    return str(link)


def key_of(link: str) -> dict[str, str]:
    return {"key": link.partition("key=")[2]}


async def logged_in(office: Office, email: str, password: str, code: str = "") -> httpx2.Response:
    async with office.calling() as client:
        body = {"email": email, "password": password} | ({"code": code} if code else {})
        return await client.post("/v1/sessions", json=body)


async def test_somebody_is_invited_with_skills_and_sets_a_password_once(
    office: Office, browsing: Browsing
) -> None:
    skill = office.brand.support
    async with browsing(office.ada) as ada, office.calling() as cleo:
        made = await ada.post("/admin/agents", data=NEW | {"skills": skill}, headers=PAGE)
        link = link_in(made.text)
        assert "Welcome" in (await cleo.get(link)).text
        assert (await logged_in(office, NEW["email"], "!")).status_code == 401
        wrong = SET | {"again": "other"}
        refused = await cleo.post("/welcome", data=wrong | key_of(link), headers=PAGE)
        assert "do not match" in refused.text
        done = await cleo.post("/welcome", data=SET | key_of(link), headers=PAGE)
        assert done.headers["HX-Redirect"] == "/workspace"
        me = (await cleo.get("/v1/me")).json()["agent"]
        assert (me["name"], me["skills"], me["capacity"]) == ("Cleo", [skill], 3)
        again = await cleo.post("/welcome", data=SET | key_of(link), headers=PAGE)
        assert (again.status_code, "no longer works" in again.text) == (404, True)
        assert (await cleo.get(link)).status_code == 404
        page = (await ada.get(f"/admin/agents/{me['id']}")).text
        assert "End all log-ins" in page
        await ada.post(f"/admin/agents/{me['id']}/log-ins/end", headers=PAGE)
        assert (await cleo.get("/v1/me")).status_code == 401


async def test_a_late_a_replaced_and_a_retired_persons_link_serve_no_longer(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada, office.calling() as cleo:
        first = link_in((await ada.post("/admin/agents", data=NEW, headers=PAGE)).text)
        async with office.sessions() as session:
            found = select(Agent.id).where(Agent.email == NEW["email"])
            path = f"/admin/agents/{await session.scalar(found)}"
        second = link_in((await ada.post(f"{path}/link", headers=PAGE)).text)
        assert (await cleo.get(first)).status_code == 404
        assert (await cleo.get(second)).status_code == 200
        async with office.sessions.begin() as session:
            await session.execute(update(PersonLink).values(expires_at=func.now()))
        assert (await cleo.get(second)).status_code == 404
        third = link_in((await ada.post(f"{path}/link", headers=PAGE)).text)
        await ada.post(f"{path}/retire", headers=PAGE)
        late = await cleo.post("/welcome", data=SET | key_of(third), headers=PAGE)
        assert late.status_code == 404


async def test_a_link_serves_no_longer_once_the_address_or_password_it_was_for_is_changed(
    office: Office, browsing: Browsing, ann_with_password: Actor
) -> None:
    path = f"/admin/agents/{ann_with_password.agent_id}"
    one = f"/v1/agents/{ann_with_password.agent_id}"
    new = "another very long one"
    own = {"current": PASSWORD, "new": new, "again": new}
    async with browsing(office.ada) as ada, browsing(ann_with_password) as ann:
        for change in ({"email": "right@brand.test"}, {"password": PASSWORD}):
            link = link_in((await ada.post(f"{path}/link", headers=PAGE)).text)
            assert (await ada.patch(one, json={"name": "Ann"}, headers=PAGE)).status_code == 200
            assert (await ann.get(link)).status_code == 200, "a name is no reason"
            assert (await ada.patch(one, json=change, headers=PAGE)).status_code == 200
            assert (await ann.get(link)).status_code == 404, change
    async with browsing(office.ada) as ada, office.calling() as ann:
        link = link_in((await ada.post(f"{path}/link", headers=PAGE)).text)
        form = {"email": "right@brand.test", "password": PASSWORD}
        await ann.post("/log-in", data=form, headers=PAGE)
        done = await ann.post("/password", data=own, headers=PAGE)
        assert done.headers["HX-Redirect"] == "/password?saved=true"
        assert (await ann.get(link)).status_code == 404


async def test_a_link_used_twice_at_once_sets_one_password(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        link = link_in((await ada.post("/admin/agents", data=NEW, headers=PAGE)).text)
    async with office.calling() as one, office.calling() as other:
        answers = await asyncio.gather(
            *(each.post("/welcome", data=SET | key_of(link), headers=PAGE) for each in (one, other))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 404]


async def test_codes_are_set_up_asked_for_and_used_once(
    office: Office, browsing: Browsing, ann_with_password: Actor
) -> None:
    email = office.email(ann_with_password)
    async with browsing(ann_with_password) as ann:
        guess = {"password": "guess"}
        assert (await ann.post("/security/codes", data=guess, headers=PAGE)).status_code == 401
        own = {"password": PASSWORD}
        shown = (await ann.post("/security/codes", data=own, headers=PAGE)).text
        [secret] = re.findall(r">([A-Z2-7]{32})<", shown)
        codes = pyotp.TOTP(secret)
        wrong = await ann.post("/security/codes/confirm", data={"code": "000000"}, headers=PAGE)
        assert wrong.status_code == 422
        assert (await logged_in(office, email, PASSWORD)).status_code == 201, "not on yet"
        now = codes.now()
        done = await ann.post("/security/codes/confirm", data={"code": now}, headers=PAGE)
        recovery = re.findall(r"<li>([0-9a-f]{6}-[0-9a-f]{6})</li>", done.text)
        assert len(recovery) == 10
        asked = await logged_in(office, email, PASSWORD)
        assert (asked.status_code, asked.json()["code"]) == (401, "code_needed")
        assert (await logged_in(office, email, "guess")).json()["code"] == "wrong_log_in"
        used = await logged_in(office, email, PASSWORD, now)
        assert used.json()["code"] == "wrong_code", "a code serves once"
        later = codes.at(int(time.time()) + 30)
        assert (await logged_in(office, email, PASSWORD, later)).status_code == 201
        for expected in (201, 401):
            answer = await logged_in(office, email, PASSWORD, recovery[0].upper())
            assert answer.status_code == expected
        form = {"email": email, "password": PASSWORD}
        async with office.calling() as browser:
            page = await browser.post("/log-in", data=form, headers=PAGE)
            assert 'name="code"' in page.text
        assert "9 recovery codes are left" in (await ann.get("/security")).text
        off = await ann.post("/security/codes/off", data={"code": recovery[1]}, headers=PAGE)
        assert off.headers["HX-Redirect"] == "/security?saved=true"
        assert (await logged_in(office, email, PASSWORD)).status_code == 201


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_the_code_of_a_phone_is_right_whatever_the_clock_of_the_server(
    office: Office, browsing: Browsing, ann_with_password: Actor, off: timedelta
) -> None:
    email = office.email(ann_with_password)
    async with browsing(ann_with_password) as ann:
        own = {"password": PASSWORD}
        shown = (await ann.post("/security/codes", data=own, headers=PAGE)).text
        [secret] = re.findall(r">([A-Z2-7]{32})<", shown)
        codes, now = pyotp.TOTP(secret), int(time.time())
        with clock(off):
            done = await ann.post(
                "/security/codes/confirm", data={"code": codes.at(now)}, headers=PAGE
            )
            assert done.status_code == 200
            later = await logged_in(office, email, PASSWORD, codes.at(now + 30))
            assert later.status_code == 201


async def test_an_admin_helps_somebody_who_lost_their_phone(
    office: Office, browsing: Browsing, ann_with_password: Actor
) -> None:
    async with browsing(ann_with_password) as ann, browsing(office.ada) as ada:
        own = {"password": PASSWORD}
        shown = (await ann.post("/security/codes", data=own, headers=PAGE)).text
        [secret] = re.findall(r">([A-Z2-7]{32})<", shown)
        code = {"code": pyotp.TOTP(secret).now()}
        await ann.post("/security/codes/confirm", data=code, headers=PAGE)
        path = f"/admin/agents/{ann_with_password.agent_id}"
        assert "switch codes off" in (await ada.get(path)).text
        # Guessed at all day: no more codes are tried, the log says so once, an admin ends it.
        what = {"what": codes_of(ann_with_password.agent_id)}
        async with office.sessions.begin() as session:
            await session.execute(GUESSED, what | {"many": MOST_CODES})
        email = office.email(ann_with_password)
        for _ in range(2):
            locked = await logged_in(office, email, PASSWORD, "000000")
            assert locked.status_code == 429
            assert "locked for a day" in locked.json()["detail"]
        await ada.post(f"{path}/codes/remove", headers=PAGE)
        log_in = await logged_in(office, office.email(ann_with_password), PASSWORD)
        assert log_in.status_code == 201
        async with office.sessions() as session:
            assert await session.scalar(LEFT, what) == 0
            told = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            done = [str(one.action) for one in told if one.subject == "recovery_code"]
            assert done == ["added", "locked"]


async def test_one_sees_and_ends_ones_own_log_ins(
    browsing: Browsing, ann_with_password: Actor
) -> None:
    async with browsing(ann_with_password) as ann, browsing(ann_with_password) as elsewhere:
        page = (await ann.get("/security")).text
        assert "This one" in page
        [other] = re.findall(r'name="log_in" value="([0-9a-f]{32})"', page)
        await ann.post("/security/log-ins/end", data={"log_in": other}, headers=PAGE)
        assert (await elsewhere.get("/v1/me")).status_code == 401
        assert (await ann.get("/v1/me")).status_code == 200


async def test_a_file_of_people_tells_its_bad_rows_and_adds_the_good_ones_once(
    office: Office, browsing: Browsing
) -> None:
    good = [f"Person {n},p{n}@brand.test,agent,Support|Sales,5" for n in range(20)]
    bad = {
        "This is not an e-mail address": "Eve,eve,agent,,",
        "There is no skill Juggling": "Eve,eve@brand.test,agent,Juggling,",
        "is no role": "Eve,eve@brand.test,boss,,",
        "is no number of conversations": "Eve,eve@brand.test,agent,,many",
        "Line 2 has the same address": "Double,P0@brand.test,agent,,",
    }
    file = "\n".join(["name,email,role,skills,capacity", *good, *bad.values()])
    async with browsing(office.ada) as ada:
        looked = await ada.post("/admin/people/look", files={"file": ("p.csv", file)}, headers=PAGE)
        assert "20 people can be added." in looked.text
        for told in bad:
            assert told in looked.text, told
        for count in ("20 people were added.", "0 people were added."):
            added = await ada.post("/admin/people/add", data={"rows": file}, headers=PAGE)
            assert count in added.text
        for heading, told in {
            "a,b": "The first line must name the columns",
            "name,name,email": "A column is there twice",
            "name,email,rolle": "There is no column rolle",
        }.items():
            files = {"file": ("p.csv", heading)}
            refused = await ada.post("/admin/people/look", files=files, headers=PAGE)
            assert told in refused.text, heading
        await ada.post("/v1/skills", json={"name": "sALES"}, headers=PAGE)
        looked = await ada.post("/admin/people/look", files={"file": ("p.csv", file)}, headers=PAGE)
        assert "There are several skills Sales" in looked.text


@dataclass
class Mailbox:
    """A real SMTP server that keeps what it takes."""

    mails: list[tuple[str, str]] = field(default_factory=list)
    is_full: bool = False
    is_there: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.is_full:
            return "552 the mailbox is full"
        content = envelope.content or b""
        text = content if isinstance(content, str) else content.decode()
        self.mails.append((envelope.rcpt_tos[0], text.replace("=\r\n", "").replace("=3D", "=")))
        self.loop.call_soon_threadsafe(self.is_there.set)
        return "250 OK"

    async def has(self, count: int) -> None:
        """Wait for so many mails."""
        while len(self.mails) < count:
            self.is_there.clear()
            if len(self.mails) < count:
                await self.is_there.wait()


@pytest.fixture
async def mailing_office(
    settings: Settings, office: Office, temporal_address: str
) -> AsyncIterator[tuple[Office, Mailbox]]:
    box = Mailbox()
    port = own_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    mail = MailSettings(
        mail_host="127.0.0.1", mail_port=port, mail_security=MailSecurity.none, mail_from="a@b.test"
    )
    try:
        async with served(settings.model_copy(update={"mail": mail})) as url:
            yield replace(office, url=url), box
    finally:
        server.stop()


async def test_links_are_mailed_where_a_server_is_configured(
    mailing_office: tuple[Office, Mailbox], ann_with_password: Actor
) -> None:
    office, box = mailing_office
    email = office.email(ann_with_password)
    async with office.calling() as anybody:
        for address in (email, "nobody@brand.test"):
            sent = await anybody.post("/forgotten", data={"email": address}, headers=PAGE)
            assert sent.headers["HX-Redirect"] == "/forgotten?sent=true"
        await box.is_there.wait()
        [(to, text)] = box.mails
        assert to == email
        link = link_in(text)
        done = await anybody.post("/welcome", data=SET | key_of(link), headers=PAGE)
        assert done.headers["HX-Redirect"] == "/workspace"
    assert (await logged_in(office, email, SET["password"])).status_code == 201
    # A mail that is not taken is told; the link was kept before it was tried.
    links = f"/v1/agents/{ann_with_password.agent_id}/links"
    async with office.person(office.ada) as ada, office.calling() as anybody:
        for is_full in (True, False):
            box.is_full = is_full
            made = (await ada.post(links)).json()
            assert made["was_mailed"] is not is_full
            assert (await anybody.get(made["link"].partition("test")[2])).status_code == 200


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
async def test_a_file_in_another_encoding_is_added_as_it_was_shown(
    office: Office, browsing: Browsing, encoding: str
) -> None:
    file = "name;email\r\nJürgen Groß;juergen@brand.test\r\n".encode(encoding)
    async with browsing(office.ada) as ada:
        upload = {"file": ("people.csv", file)}
        looked = (await ada.post("/admin/people/look", files=upload, headers=PAGE)).text
        assert "Jürgen Groß" in looked
        [rows] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", looked, re.DOTALL)
        added = await ada.post("/admin/people/add", data={"rows": rows}, headers=PAGE)
        assert "Jürgen Groß" in added.text
        assert "/welcome?key=" in added.text


async def test_nobody_floods_a_mailbox_and_each_answer_is_the_same(
    mailing_office: tuple[Office, Mailbox], ann_with_password: Actor
) -> None:
    office, box = mailing_office
    form = {"email": office.email(ann_with_password)}
    async with office.calling() as anybody:
        for _ in range(MOST_MAILS + 2):
            sent = await anybody.post("/forgotten", data=form, headers=PAGE)
            assert (sent.status_code, sent.headers["HX-Redirect"]) == (200, "/forgotten?sent=true")
    async with office.sessions() as session:
        other = await session.scalar(select(Agent.email).where(Agent.id == office.ada.agent_id))
    async with office.calling() as anybody:
        await anybody.post("/forgotten", data={"email": other}, headers=PAGE)
    await box.has(MOST_MAILS + 1)
    assert [to for to, _ in box.mails].count(form["email"]) == MOST_MAILS


async def test_people_of_a_file_are_mailed_links_that_serve(
    mailing_office: tuple[Office, Mailbox], browsing: Browsing
) -> None:
    office, box = mailing_office
    people = [f"Person {n},p{n}@brand.test" for n in range(3)]
    file = "\n".join(["name,email", *people])
    async with browsing(office.ada) as ada, office.calling() as anybody:
        added = await ada.post(f"{office.url}/admin/people/add", data={"rows": file}, headers=PAGE)
        assert "being mailed" in added.text
        await box.has(3)
        for _, text in box.mails:
            assert (await anybody.get(link_in(text))).status_code == 200
