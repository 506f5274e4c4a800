"""Invitations, and passwords set anew: by a link that serves once, in a mail or from an admin."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, accounts, agents, audit, person_links, proofs, sessions
from database.tables import Account, Agent
from domain.people.passwords import check_password
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.auditing import Action
from security.passwords import digest, new_secret
from services.caller import Caller
from services.clock import utc_now
from services.configuring.agents import NO_PASSWORD
from services.configuring.passwords import PasswordHasher
from services.errors import LinkOver
from translations.catalogue import RULES, catalogue, filled
from translations.reader import ENGLISH, LANGUAGES

PREFIX = "swi_"
INVITED_FOR = timedelta(days=7)
RESET_FOR = timedelta(hours=24)

INVITATION = (
    "You are invited to Switchboard by {brand}.",
    "Hello {name}, {brand} invites you to Switchboard, where you answer consumers' texts. Set your "
    "password here, within seven days.",
    "The link serves once. A newer one ends it.",
)
RESET = (
    "Your new password for Switchboard.",
    "Hello {name}, set a new password for Switchboard here, within 24 hours.",
    "If you did not ask for this, nothing has changed: ignore this mail.",
)
"""Subject, and what stands before and after the link."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Mail:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


Send = Callable[[Mail], Awaitable[bool]]
"""Hands a mail over. Returns whether it was taken; raises nothing."""


@dataclass(frozen=True)
class Mailing:
    """How mails are sent. `send` is None where no server is configured. `public_url`: of pages."""

    public_url: str
    send: Send | None = None

    def link(self, token: str) -> str:
        return f"{self.public_url}/welcome?key={token}"


@dataclass(frozen=True)
class Made:
    """A new link, shown once, and whether it was mailed. `mail_failed`: the server took it not."""

    link: str
    was_mailed: bool
    mail_failed: bool = False


@dataclass(frozen=True)
class Welcomed:
    """Whose password a link sets, and the brand's name."""

    agent: Agent
    brand: str

    @property
    def is_new(self) -> bool:
        return self.agent.password_hash == NO_PASSWORD


async def make(caller: Caller, session: AsyncSession, mailing: Mailing, agent_id: str) -> Made:
    """Give a person a link to set their password with; the one before serves no longer.

    Commits before it mails: nobody gets a link that came to nothing. The session is used no more.
    Raises `NotFound`, and `Conflict` for a retired person.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    link, mail = await _prepared(caller, session, mailing, agent_id)
    await session.commit()
    if mailing.send is None:
        return Made(link, was_mailed=False)
    was_mailed = await mailing.send(mail)
    return Made(link, was_mailed, mail_failed=not was_mailed)


async def make_many(
    caller: Caller, session: AsyncSession, mailing: Mailing, agent_ids: Sequence[str]
) -> tuple[Sequence[str], Sequence[Mail]]:
    """Give people links, in their order; returns the mails to `deliver` once this is committed.

    Raises what `make` raises.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    made = [await _prepared(caller, session, mailing, one) for one in agent_ids]
    return [link for link, _ in made], [mail for _, mail in made]


async def deliver(mailing: Mailing, mails: Sequence[Mail]) -> None:
    """Send mails, one after the other: a slow server takes one thread, and holds no transaction."""
    if mailing.send is None:
        return
    taken = [await mailing.send(one) for one in mails]
    log.info("password_links_mailed", count=sum(taken), not_taken=len(taken) - sum(taken))


async def _prepared(
    caller: Caller, session: AsyncSession, mailing: Mailing, agent_id: str
) -> tuple[str, Mail]:
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    account = await accounts.find(session, agent.account_id)
    link = mailing.link(await _new(session, agent))
    await audit.record(session, agent.account_id, Action.added, "password_link", agent.id)
    return link, _mail(agent, account.brand, _language(agent, account), link)


async def welcome(session: AsyncSession, token: str) -> Welcomed:
    """Return whose password a link sets. Raises `LinkOver`."""
    agent = await person_links.person_of(session, digest(token), utc_now())
    if agent is None:
        raise LinkOver
    account = await accounts.find(session, agent.account_id)
    return Welcomed(agent, account.brand)


async def use(
    session: AsyncSession,
    sessions_: Sessions,
    passwords: PasswordHasher,
    token: str,
    password: str,
) -> Agent:
    """Set a person's password and use the link up. Their log-ins end.

    Raises `LinkOver`, and `Invalid` for a password that is easily guessed: the link still serves.
    """
    async with sessions_() as looking:  # no connection is held while it is hashed
        found = (await welcome(looking, token)).agent
    check_password(password, found.email, found.name)
    hashed = await passwords.hash(password)
    if not await person_links.take(session, digest(token)):
        raise LinkOver
    agent = await account_rows.find_active(session, Agent, found.account_id, found.id)
    agent.password_hash = hashed
    await audit.record(session, agent.account_id, Action.used, "password_link", agent.id)
    await sessions.log_out_everywhere(session, agent.id)
    await proofs.changed(session, agent.account_id)
    return agent


async def forgotten(sessions_: Sessions, mailing: Mailing, email: str) -> None:
    """Mail everybody with this address a link. Whether there is anybody, the caller never learns.

    Begin it beside the answer: it takes longer where there is somebody.
    """
    if mailing.send is None or "\0" in email:
        return
    mails: list[Mail] = []
    async with sessions_.begin() as session:
        for agent in await agents.by_email(session, email, None):
            token = await _new(session, agent)
            await audit.record(session, agent.account_id, Action.added, "password_link", agent.id)
            account = await accounts.find(session, agent.account_id)
            language = _language(agent, account)
            mails.append(_mail(agent, account.brand, language, mailing.link(token)))
    await deliver(mailing, mails)


async def _new(session: AsyncSession, agent: Agent) -> str:
    token, now = new_secret(PREFIX), utc_now()
    lasts = INVITED_FOR if agent.password_hash == NO_PASSWORD else RESET_FOR
    await person_links.replace(session, agent.id, digest(token), now, now + lasts)
    return token


def _language(agent: Agent, account: Account) -> str:
    return (agent.interface_language or account.language).partition("-")[0]


def _mail(agent: Agent, brand: str, language: str, link: str) -> Mail:
    """Return the mail with a link, in the language that the person chose, else the account's."""
    words = INVITATION if agent.password_hash == NO_PASSWORD else RESET
    known = catalogue(language if language in LANGUAGES else ENGLISH, RULES)
    places = {"name": agent.name, "brand": brand}
    subject, before, after = (filled(known.sentence(one), places) for one in words)
    return Mail(agent.email, subject.rstrip("."), f"{before}\n\n{link}\n\n{after}\n")
