"""The caller's account: its defaults for conversations, agents and hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, agents, hours, languages, zones
from database.tables import Account, Skill
from domain.consent.first_texts import FirstTextCheck
from domain.consent.reach import Reach
from domain.errors import Invalid
from domain.language_settings import TextPrecedence
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.routing.kinds import AcceptMode, CapacityMode, FallbackWhen
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.configuring import retention

EARLIEST, LATEST = time(10), time(17)
"""The hours that every place allows, on the days that it allows at all. Texas's Sundays begin at
noon, so hours of an account that end earlier only leave out those.
"""


@dataclass(frozen=True)
class AccountChange(Change):
    """Times in seconds."""

    name: str | Unchanged = UNCHANGED
    brand: str | Unchanged = UNCHANGED
    language: str | Unchanged = UNCHANGED
    time_zone: str | Unchanged = UNCHANGED
    auto_close_seconds: int | Unchanged = UNCHANGED
    agent_transfer_fallback_seconds: int | Unchanged = UNCHANGED
    default_capacity: int | Unchanged = UNCHANGED
    capacity_mode: CapacityMode | Unchanged = UNCHANGED
    accept_mode: AcceptMode | Unchanged = UNCHANGED
    ring_timeout_seconds: int | Unchanged = UNCHANGED
    missed_offers_allowed: int | Unchanged = UNCHANGED
    affinity_seconds: int | Unchanged = UNCHANGED
    has_warm_up: bool | Unchanged = UNCHANGED
    release_after_seconds: int | Unchanged | None = UNCHANGED
    default_skill: str | Unchanged | None = UNCHANGED
    fallback_when: FallbackWhen | Unchanged = UNCHANGED
    text_precedence: TextPrecedence | Unchanged = UNCHANGED
    response_seconds: int | Unchanged | None = UNCHANGED
    first_response_seconds: int | Unchanged | None = UNCHANGED
    agent_silent_nudge_seconds: int | Unchanged | None = UNCHANGED
    agent_silent_reroute_seconds: int | Unchanged | None = UNCHANGED
    thanks_shown_seconds: int | Unchanged = UNCHANGED
    thanks_need_answer: bool | Unchanged = UNCHANGED
    automatic_replies_seconds: int | Unchanged = UNCHANGED
    opt_out_reach: Reach | Unchanged = UNCHANGED
    holds_quiet_hours: bool | Unchanged = UNCHANGED
    texts_from: time | Unchanged | None = UNCHANGED
    texts_until: time | Unchanged | None = UNCHANGED
    first_text_check: FirstTextCheck | Unchanged = UNCHANGED
    needs_consent: bool | Unchanged = UNCHANGED
    queues_programs: bool | Unchanged = UNCHANGED
    alert_waiting_seconds: int | Unchanged | None = UNCHANGED
    alerts_nobody_online: bool | Unchanged = UNCHANGED
    audit_kept_days: int | Unchanged = UNCHANGED
    retention_days: int | Unchanged | None = UNCHANGED
    masks_cards: bool | Unchanged = UNCHANGED
    agent_texts_a_minute: int | Unchanged | None = UNCHANGED
    agent_texts_a_day: int | Unchanged | None = UNCHANGED
    line_texts_a_minute: int | Unchanged | None = UNCHANGED
    line_texts_a_day: int | Unchanged | None = UNCHANGED
    account_texts_a_minute: int | Unchanged | None = UNCHANGED
    account_texts_a_day: int | Unchanged | None = UNCHANGED
    alerts_texts_not_passing: bool | Unchanged = UNCHANGED
    push_shows_text: bool | Unchanged = UNCHANGED


async def take_turn(caller: Caller, session: AsyncSession) -> None:
    """Let others who take turns wait until this transaction ends, so that it reads and changes."""
    caller.require(Role.admin)
    await accounts.take_turn(session, caller.account_id)


async def show(caller: Caller, session: AsyncSession) -> Account:
    """Return the caller's account."""
    caller.require(Role.agent)
    return await accounts.find(session, caller.account_id)


async def change(caller: Caller, session: AsyncSession, wanted: AccountChange) -> Account:
    """Change the account's defaults. Open conversations keep the old ones until a transfer.

    Raises `NotFound`, `Conflict` for a default skill that does not exist or is retired, `Invalid`
    for hours in which texts could never leave, or a time zone that `zones.check` refuses.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    account = await accounts.find(session, caller.account_id)
    retention.check_may(caller, account.retention_days, wanted.retention_days)
    if wanted.default_skill is not UNCHANGED:
        account.default_skill_id = await _skill_id(session, account.id, wanted.default_skill)
    zone = account.time_zone
    wanted.apply(account, but=["default_skill"])
    _check_hours(account)
    await session.flush()
    if account.time_zone != zone:
        await zones.check(session, account.time_zone)
        await hours.moved_to_zone(session, account)
    await agents.work_changed(session, account.id)
    return account


async def consumers_languages(caller: Caller, session: AsyncSession) -> Sequence[str]:
    """Return the languages that the account's consumers are known to write."""
    caller.require(Role.agent)
    return await languages.written_to(session, caller.account_id)


def _check_hours(account: Account) -> None:
    begins = max(account.texts_from or EARLIEST, EARLIEST)
    ends = min(account.texts_until or LATEST, LATEST)
    if begins > LATEST or ends <= EARLIEST or begins >= ends:
        raise Invalid("Texts need an hour between 10:00 and 17:00 in which they may leave.")


async def _skill_id(session: AsyncSession, account_id: str, skill_id: str | None) -> str | None:
    if skill_id is None:
        return None
    return (await account_rows.find_active(session, Skill, account_id, skill_id)).id
