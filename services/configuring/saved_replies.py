"""Saved replies: those that managers share with the account, and everybody's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, consumer_fields, saved_replies
from database.queries.saved_replies import Reader, SavedReplyAt
from database.tables import Agent, ClosingReason, Label, SavedReply, Skill
from domain.consumers.fields import Field
from domain.consumers.kinds import FieldKind
from domain.errors import Conflict, Invalid
from domain.people.log_in_names import shown_name
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.folding import fold
from domain.writing.saved_replies import (
    MOST_OWN,
    MOST_SHARED,
    MOST_SKILLS,
    Action,
    CloseAction,
    LabelAction,
    TransferAction,
    check_actions,
    check_texts,
    short_name,
)
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.clock import utc_now

ONLY_MANAGERS = "Only managers change saved replies that are shared. Make one of your own."


@dataclass(frozen=True)
class NewSavedReply:
    """A saved reply to make. `texts`: by language. `skills`: those it is for; empty: all."""

    title: str
    name: str
    texts: Mapping[str, str]
    skills: Sequence[str] = ()
    actions: Sequence[Action] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class SavedReplyChange:
    """Fields to change. Whose it is stays as it is."""

    title: str | Unchanged = UNCHANGED
    name: str | Unchanged = UNCHANGED
    texts: Mapping[str, str] | Unchanged = UNCHANGED
    skills: Sequence[str] | Unchanged = UNCHANGED
    actions: Sequence[Action] | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[SavedReplyAt]:
    """Return the shared saved replies and the caller's own, by short name."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.settings_read)
    return await saved_replies.listed(session, reader_of(caller), after=after, limit=limit)


async def find(caller: Caller, session: AsyncSession, reply_id: UUID) -> SavedReplyAt:
    """Return a shared saved reply or one of the caller's own. Raises `NotFound`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.settings_read)
    return await saved_replies.find_counted(session, reader_of(caller), reply_id)


async def create(caller: Caller, session: AsyncSession, new: NewSavedReply) -> SavedReply:
    """Make a saved reply. Shared ones need a manager.

    Raises `Invalid` for what cannot be saved, `Conflict` for a short name that is taken and for one
    too many, `NotFound` and `Conflict` for skills and people that do not exist or are retired.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.settings_write)
    if new.is_shared:
        caller.require(Role.manager, ONLY_MANAGERS)
    owner = None if new.is_shared else caller.actor.agent_id
    await _check_room(session, caller.account_id, owner)
    row = SavedReply(account_id=caller.account_id, agent_id=owner)
    change = SavedReplyChange(new.title, new.name, new.texts, new.skills, new.actions)
    await _write(caller, session, row, change)
    session.add(row)
    await session.flush()
    return row


async def change(
    caller: Caller, session: AsyncSession, reply_id: UUID, wanted: SavedReplyChange
) -> SavedReply:
    """Change a saved reply. Raises what `create` raises."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.settings_write)
    row = await _mine(caller, session, reply_id)
    await _write(caller, session, row, wanted)
    row.updated_at = utc_now()
    await session.flush()
    return row


async def delete(caller: Caller, session: AsyncSession, reply_id: UUID) -> None:
    """Delete a saved reply. Texts that were sent with it stay. Raises `NotFound`, `NotAllowed`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.settings_write)
    await session.delete(await _mine(caller, session, reply_id))


async def own_fields(caller: Caller, session: AsyncSession) -> Sequence[Field]:
    """Return the consumers' own fields that may stand in texts: those that the caller sees."""
    caller.require(Role.agent)
    fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
    return [one for one in fields if one.kind is not FieldKind.yes_no]


def reader_of(caller: Caller) -> Reader:
    """Return whose saved replies a caller may use."""
    return Reader(caller.account_id, caller.person.agent_id if caller.person else None)


async def _mine(caller: Caller, session: AsyncSession, reply_id: UUID) -> SavedReply:
    """Return one that the caller may change. Raises `NotFound`, `NotAllowed`."""
    row = await saved_replies.find(session, reader_of(caller), reply_id)
    if row.agent_id is None:
        caller.require(Role.manager, ONLY_MANAGERS)
    return row


async def _write(
    caller: Caller, session: AsyncSession, row: SavedReply, wanted: SavedReplyChange
) -> None:
    if wanted.title is not UNCHANGED:
        row.title = shown_name(wanted.title)
    if wanted.texts is not UNCHANGED:
        fields = await own_fields(caller, session)
        check_texts(wanted.texts, [one.key for one in fields])
        row.texts = dict(wanted.texts)
    if wanted.skills is not UNCHANGED:
        row.skill_ids = await _skills(session, caller.account_id, wanted.skills)
    if wanted.actions is not UNCHANGED:
        await _check_actions(session, caller.account_id, wanted.actions)
        row.actions = [one.model_dump(mode="json") for one in wanted.actions]
    if wanted.name is not UNCHANGED:
        row.name = short_name(wanted.name)
        with session.no_autoflush:
            await saved_replies.check_free(session, row)
    row.folded = fold(" ".join([row.title, row.name, *row.texts.values()]))


async def _skills(session: AsyncSession, account_id: str, ids: Sequence[str]) -> list[str]:
    if len(ids) > MOST_SKILLS:
        raise Invalid(f"A saved reply may be for {MOST_SKILLS} skills. Without any it is for all.")
    found = [await account_rows.find_active(session, Skill, account_id, one) for one in ids]
    return sorted({one.id for one in found})


async def _check_actions(session: AsyncSession, account_id: str, actions: Sequence[Action]) -> None:
    check_actions(actions)
    for one in actions:
        match one:
            case LabelAction(label=label):
                await account_rows.find_active(session, Label, account_id, label)
            case CloseAction(reason=str(reason)):
                await account_rows.find_active(session, ClosingReason, account_id, reason)
            case TransferAction(skill=str(skill)):
                await account_rows.find_active(session, Skill, account_id, skill)
            case TransferAction(agent=str(agent)):
                await account_rows.find_active(session, Agent, account_id, agent)
            case _:
                pass


async def _check_room(session: AsyncSession, account_id: str, owner: str | None) -> None:
    most = MOST_OWN if owner else MOST_SHARED
    if await saved_replies.count(session, account_id, owner) >= most:
        raise Conflict(
            f"There are {most} saved replies, as many as there may be. Delete one first."
        )
