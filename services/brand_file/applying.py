"""A brand's file: exported, compared with what is set, and applied, all of it or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import is_cut_short, state_of
from database.engine import Sessions
from database.queries import accounts, audit
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import OF_A_BRANDS_FILE, TokenScope
from domain.settings.auditing import Action
from providers.credentials import FormField, form_of
from services.brand_file import names
from services.brand_file.comparing import Step, compared, digest_of, present
from services.brand_file.kind import On, Outfit
from services.brand_file.reading import MOST_MISTAKES, Document, read
from services.brand_file.running import Outcome, run
from services.brand_file.tree import Mistake, Unreadable
from services.brand_file.writing import written
from services.caller import Caller
from services.configuring.connectors import Secret

TRIES = 3
UNIQUE = "23505"


class ConfigurationUnfit(Invalid):
    """The file cannot be applied; the detail names each line."""

    code = "configuration_unfit"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(" ".join([*map(str, mistakes), "Nothing was changed."]))


class ConfigurationChanged(Conflict):
    code = "configuration_changed"
    sentence = (
        "This plan is out of date: somebody changed settings after it was made, or the file is "
        "another. Nothing was changed: look at a new plan first."
    )


@dataclass(frozen=True)
class Wanted:
    """A file to apply. `secrets`: credentials of new connectors, by the connectors' names.

    `retire_missing`: retire what sections of the file lack.
    """

    text: str
    retire_missing: bool = False
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ToGive:
    """Credentials that a new connector needs."""

    connector: str
    fields: Sequence[FormField]


@dataclass(frozen=True)
class Plan:
    """What a file would change, or why it cannot. `missing`: what the file lacks, and stays.

    `digest`: applying it names it, and is refused when anything is set otherwise by then.
    """

    steps: Sequence[Step] = ()
    missing: Sequence[str] = ()
    mistakes: Sequence[Mistake] = ()
    to_give: Sequence[ToGive] = ()
    digest: str = ""

    @property
    def has_work(self) -> bool:
        return bool(self.steps)


async def export(
    caller: Caller, sessions: Sessions, outfit: Outfit, *, is_whole: bool = False
) -> str:
    """Return the account's file. `is_whole`: with what is the default, too.

    Raises `Conflict` where two things have one name. That it was exported is in the audit log.
    """
    _check(caller, TokenScope.settings_read)
    async with _at_one_moment(sessions) as session:
        on = On(caller, session, outfit, await names.load(session, caller.account_id))
        text = written(await present(on), is_whole=is_whole)
        await audit.record(session, caller.account_id, Action.exported, "configuration", "")
        await session.commit()
    return text


async def plan(caller: Caller, sessions: Sessions, outfit: Outfit, wanted: Wanted) -> Plan:
    """Return what a file would change. It is tried, and taken back: nothing changes.

    Raises `Conflict` where two things of the account have one name.
    """
    _check(caller, TokenScope.settings_write)
    try:
        document = await asyncio.to_thread(read, wanted.text)
    except Unreadable as error:
        return Plan(mistakes=[error.mistake])
    if document.mistakes:
        return Plan(mistakes=_told(document.mistakes))
    for _ in range(TRIES):
        try:
            async with _by_turns(caller, sessions) as session:
                on = await _on(caller, session, outfit, wanted, is_trial=True)
                outcome = await run(on, document, retire_missing=wanted.retire_missing)
                return _plan_of(on, wanted, document, outcome)
        except DBAPIError as error:
            _raise_unless_overtaken(error)
    raise ConfigurationChanged


async def apply(
    caller: Caller, sessions: Sessions, outfit: Outfit, wanted: Wanted, digest: str
) -> Plan:
    """Apply a file whose plan has been seen, in one transaction; returns what was done.

    Raises `Unreadable` and `ConfigurationUnfit` for the file, `ConfigurationChanged` if the plan
    is no longer what it was.
    """
    _check(caller, TokenScope.settings_write)
    document = await asyncio.to_thread(read, wanted.text)
    if document.mistakes:
        raise ConfigurationUnfit(_told(document.mistakes))
    for _ in range(TRIES):
        try:
            async with _by_turns(caller, sessions) as session:
                on = await _on(caller, session, outfit, wanted, is_trial=False)
                outcome = await run(on, document, retire_missing=wanted.retire_missing)
                done = _plan_of(on, wanted, document, outcome)
                if done.digest != digest:
                    raise ConfigurationChanged
                if done.mistakes:
                    raise ConfigurationUnfit(done.mistakes)
                if done.has_work:
                    await session.commit()
                return done
        except DBAPIError as error:
            _raise_unless_overtaken(error)
    raise ConfigurationChanged


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.admin)
    for one in (scope, *OF_A_BRANDS_FILE):
        caller.require_scope(one)


@asynccontextmanager
async def _at_one_moment(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a transaction that sees nothing of what others commit, and is rolled back by itself.

    What it changes and others have changed since it began is refused by the database.
    """
    async with sessions() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


@asynccontextmanager
async def _by_turns(caller: Caller, sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with _at_one_moment(sessions) as session:
        await accounts.take_turn(session, caller.account_id)
        yield session


async def _on(
    caller: Caller, session: AsyncSession, outfit: Outfit, wanted: Wanted, *, is_trial: bool
) -> On:
    known = await names.load(session, caller.account_id)
    return On(caller, session, outfit, known, is_trial=is_trial, secrets=wanted.secrets)


def _plan_of(on: On, wanted: Wanted, document: Document, outcome: Outcome) -> Plan:
    steps = compared(outcome.before, outcome.after)
    stays = () if wanted.retire_missing else outcome.missing
    return Plan(
        steps=[] if outcome.mistakes else steps,
        missing=[f"{kind.one} {kind.label(one.values)}" for kind, one in stays],
        mistakes=_told(outcome.mistakes),
        to_give=_to_give(on, document, outcome),
        digest=digest_of(outcome.before, wanted.text, str(wanted.retire_missing)),
    )


def _told(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return mistakes in the order of their lines, no more than anybody reads."""
    told = sorted(mistakes, key=lambda one: one.line)
    if len(told) < MOST_MISTAKES:
        return told
    more = Mistake(0, "There may be more mistakes: put these right, and look again.")
    return [*told[:MOST_MISTAKES], more]


def _to_give(on: On, document: Document, outcome: Outcome) -> list[ToGive]:
    there = {one.values["name"] for one in outcome.before["connectors"]}
    descriptions = on.outfit.providers.descriptions
    return [
        ToGive(str(one.values["name"]), form_of(described.credentials))
        for one in document.sections.get("connectors", ())
        if one.values["name"] not in there and one.was not in there
        if (described := descriptions.get(str(one.values["provider"]))) is not None
    ]


def _raise_unless_overtaken(error: DBAPIError) -> None:
    """Raise an error that is not about somebody who changed the same at the same time."""
    if not is_cut_short(error) and state_of(error) != UNIQUE:
        raise error
