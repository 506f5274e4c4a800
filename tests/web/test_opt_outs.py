"""Opting out on the page: the hint about a wish in free words, the button, and keywords."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from database.tables import Conversation
from domain.consent.keywords import OPTIONAL
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.conftest import PAGE, Browsing

FLAG = "The consumer seems to want no more texts."


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        yield client


async def held(centre: Centre, office: Office, *, wish: bool) -> str:
    """Assign a consumer's conversation to Ann and return the address of its page."""
    await centre.text("please leave me alone", wants_opt_out=wish)
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/workspace/{(await centre.conversation()).id}"


async def test_a_wish_in_free_words_is_flagged_with_a_button_beside_it(
    ann: httpx2.AsyncClient, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=True)
    page = (await ann.get(address)).text
    banner = re.search(rf"{re.escape(FLAG)}.*?</div>", page, re.S)
    assert banner
    opens = re.search(r'data-opens="([^"]+)"', banner[0])
    assert opens
    assert f'<dialog id="{opens[1]}"' in page
    shown = (await ann.get(address)).text
    assert "The consumer seems to want no more texts" in shown.split('role="log"')[1]


async def test_a_text_like_any_other_is_not_flagged_but_the_button_is_there(
    ann: httpx2.AsyncClient, centre: Centre, office: Office
) -> None:
    page = (await ann.get(await held(centre, office, wish=False))).text
    assert FLAG not in page
    assert 'data-opens="opt-out-' in page


async def test_the_button_opts_the_consumer_out_and_the_conversation_closes(
    ann: httpx2.AsyncClient, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=True)
    answer = await ann.post(f"{address}/opt-out", headers=PAGE)
    assert answer.status_code == 200
    row = await centre.when("closed")
    assert (row.close_reason, row.survey_outcome) == ("opt_out", None)
    page = (await ann.get(address)).text
    assert "Opted out of texts" in page
    assert FLAG not in page
    assert 'data-opens="opt-out-' not in page


async def test_a_text_of_somebody_opted_out_is_not_shown_as_an_answer_to_a_survey(
    ann: httpx2.AsyncClient, browsing: Browsing, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=True)
    await ann.post(f"{address}/opt-out", headers=PAGE)
    await centre.when("closed")
    await centre.text("Are you there?")

    async def next_one() -> list[Conversation]:
        return (await centre.all_conversations())[1:]

    [later] = await eventually(next_one)
    assert later.status == "closed"
    async with browsing(office.brand.mia) as mia:
        page = (await mia.get(f"/workspace/{later.id}?view=all")).text
    log = page.split('role="log"')[1]
    assert "Are you there?" in log
    assert "Survey" not in log


async def test_nobody_opts_out_whom_they_do_not_see(
    browsing: Browsing, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=True)
    async with browsing(office.brand.ben) as ben:
        assert (await ben.post(f"{address}/opt-out", headers=PAGE)).status_code == 404
    assert (await centre.conversation()).status == "assigned"


async def test_an_admin_sets_keywords_on_the_accounts_page(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        page = (await ada.get("/admin/account")).text
        assert "CANCELAR" in page
        on = sorted(OPTIONAL - {"cancelar"})
        form = {"stop": "Enough\r\n\r\nno more", "start": "", "help": "soporte", "on": on}
        saved = await ada.post("/admin/account/keywords", data=form, headers=PAGE)
        assert saved.status_code < 400
        page = (await ada.get("/admin/account")).text
        assert "enough\nno more</textarea>" in page
        cancelar = re.findall(r'<input[^>]*value="cancelar"[^>]*>', page)
        assert cancelar
        assert not any("checked" in one for one in cancelar)
        refused = await ada.post("/admin/account/keywords", data=form | {"help": "5"}, headers=PAGE)
        assert refused.status_code == 422
        assert "The keyword 5 needs at least two letters." in refused.text


async def test_a_flag_that_was_no_wish_goes_away_with_one_click(
    ann: httpx2.AsyncClient, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=True)
    assert "No wish to opt out" in (await ann.get(address)).text
    answer = await ann.post(f"{address}/dismiss-wish", headers=PAGE)
    assert answer.status_code == 200
    page = (await ann.get(address)).text
    assert FLAG not in page
    assert "Ann says that this is no wish to opt out" in page


async def test_a_manager_blocks_and_unblocks_with_a_reason_that_agents_see(
    ann: httpx2.AsyncClient, browsing: Browsing, centre: Centre, office: Office
) -> None:
    address = await held(centre, office, wish=False)
    assert 'data-opens="block-' not in (await ann.get(address)).text
    async with browsing(office.brand.mia) as mia:
        assert 'data-opens="block-' in (await mia.get(address)).text
        await mia.post(f"{address}/block", data={"reason": "Sends threats"}, headers=PAGE)
        await centre.when("closed")
        page = (await ann.get(address)).text
        assert "Blocked</strong>" in page
        assert "Sends threats" in page
        assert "a manager blocked the consumer" in page
        await mia.post(f"{address}/unblock", headers=PAGE)
    assert "Sends threats" not in (await ann.get(address)).text


async def test_admins_download_the_ledger_and_import_a_file_on_the_page(
    browsing: Browsing, centre: Centre, office: Office
) -> None:
    rows = "number,kind,at,evidence\n+441614960000,opted_out,2025-01-02T10:00:00Z,form\nx,y,z,w\n"
    async with browsing(office.ada) as ada:
        sent = await ada.post(
            "/admin/account/consent", files={"file": ("c.csv", rows.encode())}, headers=PAGE
        )
        assert "1 added, 0 known before, 1 refused." in sent.text
        assert "Line 3: kind is opted_out or opted_in." in sent.text
        assert "+441614960000" in (await ada.get("/admin/account/consent.csv")).text
        page = (await ada.get("/admin/account")).text
    assert "Evidence of consent" in page
