"""An operator who never saw the installation finds a stuck conversation, and frees it."""

from playwright.async_api import Browser, expect
from sqlalchemy import select

from database.engine import Sessions, opened
from database.queries import operators
from database.tables import Conversation
from security.passwords import OPERATOR_PREFIX, digest, new_secret
from security.secrets import Keyring
from temporal.connection import connect
from temporal.conversations import ConversationClient
from tests.browser.centre import Centre
from tests.browser.people import (
    Complaints,
    accessible,
    fits_a_pocket,
    go,
    new_context,
    picture,
    text_from,
)
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import eventually

NUMBER, WORDS = "+14155550877", "Where is my tent?"


async def _named(sessions: Sessions) -> str:
    """Name an operator; returns the token."""
    token = new_secret(OPERATOR_PREFIX)
    async with sessions.begin() as session:
        await operators.add(session, "Olga", digest(token))
    return token


async def _open(sessions: Sessions) -> str:
    """Return the workflow of the one open conversation."""

    async def look() -> str | None:
        async with sessions() as session:
            query = select(Conversation.workflow_id).where(Conversation.status == "waiting")
            return await session.scalar(query)

    found = await eventually(look)
    assert found is not None
    return found


async def test_a_stuck_conversation_is_found_and_freed(browser: Browser, centre: Centre) -> None:
    await text_from(centre, NUMBER, WORDS)
    async with opened(centre.database_url, pool_size=2, name="operator") as sessions:
        token, workflow = await _named(sessions), await _open(sessions)
    client = await connect(Keyring.parse(ENCRYPTION_KEYS).payload_cipher())
    conversations = ConversationClient(client)
    page = await (await new_context(browser)).new_page()
    complaints = Complaints(page)
    await go(page, f"{centre.workspace}/operator")
    await page.get_by_label("Operator's token").fill("swo_wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not an operator")
    complaints.found.clear()  # the browser says that it was refused
    await page.get_by_label("Operator's token").fill(token)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("every open conversation has a workflow")).to_be_visible()
    await conversations.terminate(workflow)
    # The page says so by itself, and keeps what is in focus.
    end = page.get_by_role("button", name="End it now")
    await expect(end).to_be_visible()
    await end.focus()
    await page.wait_for_event("response", lambda one: one.url.endswith("/operator/now"))
    await expect(end).to_be_focused()
    await accessible(page)
    await picture(page, "status")
    content = await page.content()
    assert NUMBER not in content
    assert WORDS not in content
    await end.click()
    await expect(page.get_by_text("This cannot be taken back")).to_be_visible()
    await accessible(page)
    await page.get_by_role("link", name="Leave it").click()
    await page.get_by_role("button", name="Start its workflow again").click()
    await expect(page.locator(".did")).to_contain_text("Done.")
    await expect(page.get_by_role("row", name="Olga")).to_contain_text("Started its workflow")
    await expect(page.get_by_text("every open conversation has a workflow")).to_be_visible()
    assert await conversations.is_running(workflow)
    assert complaints.found == []
    await page.wait_for_load_state()  # what is done loads the page anew: its scripts have to come
    centre.cable.cut()
    await expect(page.get_by_text("does not answer now")).to_be_visible()
    centre.cable.mend()
    await expect(page.get_by_text("does not answer now")).to_be_hidden()
    complaints.found.clear()  # that the cable was cut
    await fits_a_pocket(page)
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_label("Operator's token")).to_be_visible()
    assert complaints.found == []
    await page.context.close()
