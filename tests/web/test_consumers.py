"""The list of consumers, and the settings of what is kept about them."""

import re
from html import unescape
from uuid import UUID

import httpx2
from sqlalchemy import insert, select, update

from database.tables import Consumer, Conversation, Panel
from domain.conversation.kinds import Status
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

MIA = "+4915123456701"


async def test_fields_are_made_changed_and_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    new = {"name": "Tier <b>", "kind": "choice", "choices": "Gold\r\n\r\n Silver ", "position": "2"}
    seen = {"seen_by": "agent", "edited_by": "manager"}
    async with browsing(office.ada) as ada:
        made = await ada.post("/admin/fields", data=new | seen, headers=PAGE)
        assert made.headers["HX-Redirect"] == "/admin/fields"
        listed = (await ada.get("/admin/fields")).text
        assert ">Tier &lt;b&gt;</a>" in listed
        [address] = set(re.findall(r'href="(/admin/fields/[^"]+)"', listed))
        page = (await ada.get(address)).text
        assert ">Gold\nSilver</textarea>" in page
        form = filled(page) | {"choices": "Gold\nBronze", "is_required": "yes"}
        await ada.post(address, data=form, headers=PAGE)
        late = await ada.post(address, data=form | {"name": "Rank"}, headers=PAGE)
        assert late.status_code == 409
        assert "(required)" in (await ada.get("/admin/fields")).text
        bad = await ada.post("/admin/fields", data=new | seen | {"choices": ""}, headers=PAGE)
        assert "Give 1 to 100 choices." in bad.text
        odd = await ada.post("/admin/fields", data=new | seen | {"position": "x"}, headers=PAGE)
        assert "Order: must be a number." in odd.text
        async with browsing(strangers.ada) as zoe, browsing(office.brand.mia) as mia:
            assert (await zoe.get(address)).status_code == 404
            assert (await mia.get("/admin/fields")).status_code == 403
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert address not in (await ada.get("/admin/fields")).text
        assert address in (await ada.get("/admin/fields?retired=true")).text


async def test_panels_are_made_changed_and_retired(office: Office, browsing: Browsing) -> None:
    new = {"name": "Orders", "template": "https://crm.example.com/{number}", "position": ""}
    async with browsing(office.ada) as ada:
        field = {"name": "Order number", "kind": "text", "seen_by": "agent", "edited_by": "agent"}
        await ada.post("/admin/fields", data=field, headers=PAGE)
        made = await ada.post("/admin/panels", data=new, headers=PAGE)
        assert made.headers["HX-Redirect"] == "/admin/panels"
        listed = (await ada.get("/admin/panels")).text
        assert "{order-number}" in listed
        [address] = set(re.findall(r'href="(/admin/panels/[^"]+)"', listed))
        form = filled((await ada.get(address)).text)
        assert form["template"] == new["template"]
        changed = form | {"template": "https://crm.example.com/?o={order-number}"}
        await ada.post(address, data=changed, headers=PAGE)
        assert "?o={order-number}" in (await ada.get("/admin/panels")).text
        bad = changed | {"template": "https://crm.example.com; script-src *", "seen": ""}
        told = await ada.post(address, data=bad, headers=PAGE)
        assert (told.status_code, "no host" in told.text) == (422, True)
        own = changed | {"template": "https://localhost/", "seen": ""}
        assert (await ada.post(address, data=own, headers=PAGE)).status_code == 422
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert address not in (await ada.get("/admin/panels")).text


async def test_everybody_finds_their_consumers_by_name_and_number(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    found = await new_conversation(
        office.sessions,
        office.brand,
        Status.assigned,
        number=MIA,
        agent_id=office.brand.ann.agent_id,
    )
    async with office.sessions.begin() as session:
        about = Conversation.id == found
        consumer: UUID = (
            await session.scalars(select(Conversation.consumer_id).where(about))
        ).one()
        said = update(Conversation).where(about)
        await session.execute(said.values(last_text="Where is <it>?"))
        others = [
            {
                "account_id": office.brand.account_id,
                "number": f"+1555{number}",
                "phone": str(number),
            }
            for number in range(1000, 1060)
        ]
        await session.execute(insert(Consumer), others)
    named = {"revision": 0, "name": "Mia <i>", "email": "mia@acme.example"}
    assert (await as_ada.patch(f"/v1/consumers/{consumer}", json=named)).status_code == 200
    async with browsing(office.brand.ann) as ann, browsing(office.brand.mia) as mia:
        page = (await ann.get("/consumers")).text
        assert f'<a href="/workspace/{found}?view=all" dir="auto">Mia &lt;i&gt;</a>' in page
        assert "+49 1512 3456701" in page
        assert "Where is &lt;it&gt;?" in page
        assert 'aria-current="page">Consumers' in page
        assert page.count('<th scope="row">') == 1
        for search, count in (("mia", 1), ("3456 701", 1), ("+1555", 0), ("<script>", 0)):
            shown = (await ann.get("/consumers", params={"search": search})).text
            assert shown.count('<th scope="row">') == count, search
            assert "<script>alert" not in shown
        page = (await mia.get("/consumers")).text
        assert page.count('<th scope="row">') == 50
        [onward] = re.findall(r'hx-get="([^"]+)"[^>]+>More', page)
        rest = (await mia.get(unescape(onward))).text
        assert rest.count('<th scope="row">') == 11
        assert "<html" not in rest
        assert (await mia.get("/consumers?cursor=x")).status_code == 422


async def test_the_workspace_may_frame_the_hosts_of_panels_and_no_others(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    async with browsing(office.brand.ann) as ann:

        async def policy(path: str = "/workspace") -> str:
            return str((await ann.get(path)).headers["Content-Security-Policy"])

        assert (await policy()).endswith("; frame-src 'none'")
        for template in ("https://crm.example.com/{number}", "https://help.example.com:8443/?c=1"):
            new = {"name": "Panel", "template": template}
            assert (await as_ada.post("/v1/panels", json=new)).status_code == 201
        hosts = "https://crm.example.com https://help.example.com:8443"
        found = await policy()
        assert found.endswith(f"; frame-src {hosts}")
        assert found.startswith("default-src 'self'; ")
        assert "frame-src" not in await policy("/consumers")
        async with office.sessions.begin() as session:
            wrong = update(Panel).where(Panel.origin == "https://crm.example.com")
            await session.execute(wrong.values(origin="https://x.example; script-src *"))
        assert (await policy()).endswith("; frame-src https://help.example.com:8443")
