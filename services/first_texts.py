"""Whether the first text to a consumer may leave, and how: for openings and notifications."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumers, standings
from database.tables import Account, Consumer, Line
from domain.batches.numbers import is_landline
from domain.consent.first_texts import FirstTextCheck, checked
from domain.consent.gates import barred
from domain.errors import NumberIsLandline
from domain.numbers.phone_numbers import phone_of
from services import bounding


async def text_that_may_leave(
    session: AsyncSession, account: Account, line: Line, consumer: Consumer, text: str
) -> str:
    """Return a text that nobody asked for as it leaves: completed, if the consumer is new.

    Raises `ConsumerOptedOut`, `ConsumerBlocked`, `ConsentMissing`, `CountryNotAllowed` for a new
    one elsewhere than the line may text, `Invalid`, `MessageTooLong`.
    """
    standing = await standings.of_one(session, line.id, consumer.id)
    refusal = barred(standing, needs_consent=account.needs_consent)
    if refusal:
        raise refusal
    if not standing.is_new:
        return text
    bounding.check_country(line, consumer.number)
    check = FirstTextCheck(account.first_text_check)
    return checked(text, account.brand, line.language or account.language, check)


async def phone_of_ones_own(session: AsyncSession, line: Line, number: str) -> Consumer:
    """Return the consumer of a number that somebody tries a line or a batch with.

    Who asks for the text needs no consent. Raises `NumberInvalid`, `NumberIsLandline`,
    `ConsumerOptedOut`, `ConsumerBlocked`, and `CountryNotAllowed` as `text_that_may_leave` does.
    """
    phone = phone_of(number)
    if is_landline(phone.written):
        raise NumberIsLandline
    consumer = await consumers.with_phone(session, line.account_id, phone)
    standing = await standings.of_one(session, line.id, consumer.id)
    refusal = barred(standing, needs_consent=False)
    if refusal:
        raise refusal
    if standing.is_new:
        bounding.check_country(line, consumer.number)
    return consumer
