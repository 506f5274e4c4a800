"""Trying a line: a text to a phone of one's own, and what became of it.

It takes the way of every text without a conversation, counts for the bounds, and waits for no
reply: what comes back opens a conversation as any text does.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, accounts, line_tests, standalone
from database.queries.line_tests import SentTest
from database.queries.standalone import NewText
from database.tables import Line
from domain.batches.rows import BRAND, filled
from domain.errors import NotFound
from domain.ids import OURS
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import bounding
from services.bounding import BoundReached
from services.caller import Caller
from services.clock import shared_now
from services.commanding.context import check_text
from services.first_texts import phone_of_ones_own
from services.inputs import Input, Text, example
from services.once import Key, command_key

WORDS = "Test text of {brand}: this line works. Reply with any word to see that answers arrive."
MOST_A_MINUTE = 3
"""Of one person or program. Ours: enough to try again, too few to be of use to a thief."""
SHOWN = 3
TOO_MANY = "You have sent {most} test texts in this minute, which is the most. Wait a minute."


class NewLineTest(Input):
    """A text to a phone of your own. `text`: null: our own words."""

    model_config = example(number="+12025550123")

    number: str
    text: Text | None = None


async def send(
    caller: Caller,
    session: AsyncSession,
    sessions: Sessions,
    key: Key,
    line_id: str,
    new: NewLineTest,
) -> SentTest:
    """Text a phone of one's own from a line, once per key.

    Raises `NotFound`, `Conflict` for a retired line, `NumberInvalid`, `NumberIsLandline`,
    `ConsumerOptedOut`, `ConsumerBlocked`, `CountryNotAllowed`, `BoundReached`, `MessageEmpty`,
    `MessageTooLong`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.notifications_write)
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    test_id = uuid5(OURS, f"line test/{caller.account_id}/{command_key(caller, key.value)}")
    known = await line_tests.find(session, line.id, test_id)
    if known is not None:  # the answer was lost, or has expired
        return known
    text = await _words(session, caller.account_id, new)
    consumer = await phone_of_ones_own(session, line, new.number)
    now = await shared_now(session)
    if await line_tests.count(session, caller.id, now - timedelta(minutes=1)) >= MOST_A_MINUTE:
        raise BoundReached(TOO_MANY.format(most=MOST_A_MINUTE))
    await bounding.count_within(caller, session, sessions, line.id)
    sent = NewText(test_id, caller.account_id, line.id, consumer.id, text, now)
    if await standalone.add(session, sent):
        await line_tests.add(session, test_id, line.id, caller.id, now)
    return await _found(session, line.id, test_id)


async def show(caller: Caller, session: AsyncSession, line_id: str, test_id: UUID) -> SentTest:
    """Return a text that tried a line, and what became of it. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.notifications_read)
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return await _found(session, line.id, test_id)


async def latest(caller: Caller, session: AsyncSession, line_id: str) -> Sequence[SentTest]:
    """Return the latest texts that tried a line, the newest first. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.notifications_read)
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return await line_tests.latest(session, line.id, SHOWN)


async def _found(session: AsyncSession, line_id: str, test_id: UUID) -> SentTest:
    found = await line_tests.find(session, line_id, test_id)
    if found is None:
        raise NotFound
    return found


async def _words(session: AsyncSession, account_id: str, new: NewLineTest) -> str:
    brand = (await accounts.find(session, account_id)).brand
    text = filled(WORDS, {BRAND: brand}) if new.text is None else new.text
    check_text(text)
    return text
