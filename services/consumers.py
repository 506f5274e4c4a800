"""Consumers: who they are, whether they can be texted, and their language."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumers
from database.tables import Consumer
from domain.languages import check_language
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller


@dataclass(frozen=True)
class ConsumerShown:
    """A consumer, and what they opted out of: the whole account, or some connectors and lines.

    `opted_out_lines`: with the lines of those connectors.
    """

    consumer: Consumer
    is_opted_out: bool
    opted_out_lines: Sequence[str]


async def find_consumer(caller: Caller, session: AsyncSession, consumer_id: UUID) -> ConsumerShown:
    """Return a consumer the caller has a conversation with. Raises `NotFound`."""
    caller.require(Role.agent)
    return await with_consent(session, await consumers.find(session, caller.viewer, consumer_id))


async def set_language(
    caller: Caller, session: AsyncSession, consumer_id: UUID, language: str | None
) -> ConsumerShown:
    """Set a consumer's language, or forget it. Raises `NotFound`, `Invalid`.

    Open conversations follow at the consumer's next text.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    if language:
        check_language(language)
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    await consumers.set_language(session, consumer, language, caller.language_source)
    return await with_consent(session, consumer)


async def with_consent(session: AsyncSession, consumer: Consumer) -> ConsumerShown:
    """Return a consumer with their consent. The caller must already be known to see them."""
    return ConsumerShown(
        consumer=consumer,
        is_opted_out=await consumers.is_opted_out_of_all(session, consumer.id),
        opted_out_lines=await consumers.opted_out_lines(session, consumer),
    )
