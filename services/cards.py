"""Numbers of payment cards in what people and programs write, where an account masks them.

A consumer's text is masked. What people write is refused instead: a masked text would say something
else than its author means, and they would not know. What bots write is masked, for nobody reads a
refusal. So are drafts, which are kept while somebody writes.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts
from database.tables import Account
from domain.errors import Invalid
from domain.text.cards import has_card
from services.caller import Caller

SENTENCE = (
    "This looks like the number of a payment card. It was not sent: take it out, or mask all but "
    "its last four digits."
)


async def check_no_card(caller: Caller, sessions: Sessions, *texts: str) -> None:
    """Raise `Invalid` if a text holds a card number and the account masks them."""
    if not any(map(has_card, texts)):
        return
    async with sessions.begin() as session:
        account = await accounts.find(session, caller.account_id)
    refuse_card(account, *texts)


def refuse_card(account: Account, *texts: str) -> None:
    """Raise `Invalid` if a text holds a card number and the account masks them."""
    if account.masks_cards and any(map(has_card, texts)):
        raise Invalid(SENTENCE)


async def masks_cards(caller: Caller, session: AsyncSession, *texts: str) -> bool:
    """Say whether a text holds a card number and the account masks them."""
    if not any(map(has_card, texts)):
        return False
    return (await accounts.find(session, caller.account_id)).masks_cards
