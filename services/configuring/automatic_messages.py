"""Automatic messages: their texts for the account, a line, a skill or a connector, by language."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, automatic_messages
from database.queries.effective import effective
from database.tables import AutomaticMessage, Connector, Line, Skill
from domain.automatic.catalogue import CATALOGUE
from domain.automatic.kinds import Automatic
from domain.automatic.preview import Preview, Sample, preview
from domain.automatic.texts.defaults import starting_texts
from domain.automatic.wordings import Wording, check_scope, check_text
from domain.languages import check_language
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.policy.effective import Effective
from services.caller import Caller

SAMPLE_AGENT = "Alex"


@dataclass(frozen=True)
class NewText:
    """The text of an event for one of line, skill and connector, or for all of the account.

    Without a language, the account's. Not `enabled`: the message is switched off.
    """

    event: Automatic
    text: str
    line: str | None = None
    skill: str | None = None
    connector: str | None = None
    language: str | None = None
    enabled: bool = True


@dataclass(frozen=True)
class DefaultText:
    """The default text of an event; if not `enabled`, a text to start from."""

    event: Automatic
    text: str
    enabled: bool


@dataclass(frozen=True)
class Draft:
    """A text to preview before it is saved, and names for what is not known yet."""

    event: Automatic
    text: str
    connector: str | None = None
    skill: str | None = None
    language: str | None = None


async def listed(caller: Caller, session: AsyncSession) -> Sequence[AutomaticMessage]:
    """Return the texts the account has set."""
    caller.require(Role.agent)
    return await automatic_messages.listed(session, caller.account_id)


async def defaults(caller: Caller, session: AsyncSession) -> Sequence[DefaultText]:
    """Return what holds where the account has set nothing, in its language."""
    caller.require(Role.agent)
    account = await accounts.find(session, caller.account_id)
    return [
        DefaultText(event, text, enabled=CATALOGUE[event].is_on)
        for event, text in starting_texts(account.language).items()
    ]


async def put(caller: Caller, session: AsyncSession, new: NewText) -> AutomaticMessage:
    """Set a text, or switch the message off.

    Raises `Invalid`, `MessageTooLong` for an unfit text, language or scope; `NotFound`, `Conflict`
    for a line, a skill or a connector that does not exist or is retired.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    account = await accounts.find(session, caller.account_id)
    wording = Wording(
        event=new.event,
        line_id=new.line,
        skill_id=new.skill,
        connector_id=new.connector,
        language=new.language or account.language,
        text=new.text,
        enabled=new.enabled,
    )
    check_scope(wording.event, wording.scope)
    check_text(wording.event, wording.text)
    check_language(wording.language)
    if new.line:
        await account_rows.find_active(session, Line, account.id, new.line)
    if new.skill:
        await account_rows.find_active(session, Skill, account.id, new.skill)
    if new.connector:
        await account_rows.find_active(session, Connector, account.id, new.connector)
    return await automatic_messages.put(session, account.id, wording)


async def remove(caller: Caller, session: AsyncSession, message_id: int) -> None:
    """Remove a text: a less specific one or the default applies again. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await automatic_messages.remove(session, caller.account_id, message_id)


async def show_preview(caller: Caller, session: AsyncSession, draft: Draft) -> Preview:
    """Return the text a consumer would read, its segments, and warnings.

    Raises `Invalid` for an unknown language, `NotFound` for a connector or a skill.
    """
    caller.require(Role.agent)
    account = await accounts.find(session, caller.account_id)
    language = draft.language or account.language
    check_language(language)
    sample = Sample(
        brand=account.brand,
        skill=await _skill_name(session, account.id, draft.skill),
        agent=caller.person.name if caller.person else SAMPLE_AGENT,
        prefix=await _prefix(session, account.id, draft.connector),
        language=language,
    )
    return preview(draft.event, draft.text, sample)


async def load_effective(
    caller: Caller,
    session: AsyncSession,
    line_id: str,
    *,
    skill_id: str | None = None,
    language: str | None = None,
) -> Effective:
    """Return the settings that apply to consumers of a line, and who set them.

    Without a skill, for the one the line's texts go to. Raises `NotFound`, and `Invalid` for an
    unknown language.
    """
    caller.require(Role.agent)
    if language:
        check_language(language)
    return await effective(session, caller.account_id, line_id, skill_id, language)


async def _prefix(session: AsyncSession, account_id: str, connector_id: str | None) -> str:
    if connector_id is None:
        return ""
    return (await account_rows.find(session, Connector, account_id, connector_id)).prefix


async def _skill_name(session: AsyncSession, account_id: str, skill_id: str | None) -> str:
    if skill_id:
        return (await account_rows.find(session, Skill, account_id, skill_id)).name
    known = await account_rows.listed(session, Skill, account_id, limit=1)
    return known[0].name if known else ""
