"""Labels on conversations, and which of an account's label names are free."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import Conversation, ConversationLabel, Label
from domain.errors import NameTaken


async def check_name_free(session: AsyncSession, label: Label, name: str) -> None:
    """Raise `NameTaken` where another label in use has this name, in small or capital letters."""
    query = select(Label.name).where(
        Label.account_id == label.account_id,
        Label.id != label.id,
        Label.retired_at.is_(None),
        func.lower(Label.name) == name.lower(),
    )
    if (taken := await session.scalar(query)) is not None:
        raise NameTaken(f"There is already a label {taken}.")


async def count_used(session: AsyncSession, account_id: str) -> int:
    """Count the labels an account uses."""
    query = select(func.count()).where(Label.account_id == account_id, Label.retired_at.is_(None))
    return (await session.scalar(query)) or 0


def ids_on_conversation() -> ColumnElement[Sequence[str]]:
    """Return the column of the labels on the conversation of a row, in the order of their ids."""
    theirs = (
        select(ConversationLabel.label_id)
        .where(ConversationLabel.conversation_id == Conversation.id)
        .order_by(ConversationLabel.label_id)
        .correlate(Conversation)
    )
    return func.array(theirs.scalar_subquery(), type_=ARRAY(Text)).label("label_ids")


def bears_any(label_ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that it bears at least one of these labels."""
    table = ConversationLabel
    bearing = select(table.conversation_id).where(table.label_id.in_(label_ids))
    return Conversation.id.in_(bearing)


async def taken_in_turn(session: AsyncSession, conversation_id: UUID) -> set[str]:
    """Return the labels on a conversation, and make others who change them wait for the commit."""
    row = select(Conversation.id).where(Conversation.id == conversation_id)
    # Not FOR UPDATE: what refers to the row need not wait.
    await session.execute(row.with_for_update(key_share=True))
    table = ConversationLabel
    query = select(table.label_id).where(table.conversation_id == conversation_id)
    return set(await session.scalars(query))


async def on_conversation(session: AsyncSession, conversation_id: UUID) -> Sequence[str]:
    """Return the labels on a conversation, in the order of their ids."""
    table = ConversationLabel
    query = select(table.label_id).where(table.conversation_id == conversation_id)
    return (await session.scalars(query.order_by(table.label_id))).all()


async def named(
    session: AsyncSession, account_id: str, label_ids: Collection[str]
) -> dict[str, Label]:
    """Return labels of an account, retired or not, by their ids."""
    query = select(Label).where(Label.account_id == account_id, Label.id.in_(label_ids))
    return {label.id: label for label in await session.scalars(query)}


async def put(
    session: AsyncSession, conversation_id: UUID, *, add: Collection[str], remove: Collection[str]
) -> None:
    """Put labels on a conversation, and take others off."""
    table = ConversationLabel
    if remove:
        theirs = table.conversation_id == conversation_id
        await session.execute(delete(table).where(theirs, table.label_id.in_(remove)))
    if add:
        rows = [{"conversation_id": conversation_id, "label_id": one} for one in add]
        await session.execute(insert(table), rows)
