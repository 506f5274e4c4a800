"""Numbers of payment cards in what people and programs write, where an account masks them.

A consumer's words are masked. What people write is refused instead: a masked text would say
something else than its author means, and they would not know. What bots write is masked, for nobody
reads a refusal. So are drafts, which are kept while somebody writes. `api.cards` looks at all that
is written by the API and on pages; what comes from files is looked at line by line.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts
from database.tables import Account
from domain.errors import Invalid
from domain.text.cards import has_card, is_id
from services.caller import Caller

READ_HERE = 50_000
"""Characters. Ours: a few milliseconds. For a longer one, such as a brand's file, nobody waits."""
SENTENCE = (
    "This looks like the number of a payment card. Nothing was sent or saved: take it out, or mask "
    "all but its last four digits."
)


async def check_no_card(caller: Caller, sessions: Sessions, *values: str) -> None:
    """Raise `Invalid` if a value holds a card number and the account masks them. Ids hold none."""
    written = [one for one in values if not is_id(one)]
    if not await _any_has_card(written):
        return
    async with sessions.begin() as session:
        account = await accounts.find(session, caller.account_id)
    refuse_card(account, *written)


def refuse_card(account: Account, *texts: str) -> None:
    """Raise `Invalid` if a text holds a card number and the account masks them."""
    if account.masks_cards and any(map(has_card, texts)):
        raise Invalid(SENTENCE)


async def masks_cards(caller: Caller, session: AsyncSession, *texts: str) -> bool:
    """Say whether a text holds a card number and the account masks them."""
    if not any(map(has_card, texts)):
        return False
    return (await accounts.find(session, caller.account_id)).masks_cards


async def _any_has_card(texts: Sequence[str]) -> bool:
    def look() -> bool:
        return any(map(has_card, texts))

    is_long = sum(map(len, texts)) > READ_HERE
    return await asyncio.to_thread(look) if is_long else look()
