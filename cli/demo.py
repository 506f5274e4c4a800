"""The demo brand that `make run` brings along: Acme Outdoor, whose carrier is the simulator.

For one's own machine only: its passwords are printed and stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pwdlib import PasswordHash
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import opened
from database.queries import surveys
from database.tables import Account, Agent, AgentSkill, AutomaticMessage, Connector, Line, Skill
from domain.automatic.kinds import Automatic
from domain.numbers.kinds import LineKind
from domain.people.roles import Role
from domain.survey.design import SurveyDesign
from security.secrets import ConnectorSecret, Keyring, SecretBox

ACCOUNT = "acme"
CONNECTOR = "acme-twilio"
# What the simulator takes for a Twilio account.
ACCOUNT_SID = "AC" + "0" * 28 + "acae"
AUTH_TOKEN = "demo-only-auth-token-of-acme"  # noqa: S105 - known to the simulator, worth nothing

SKILLS = {"support": "Support", "sales": "Sales", "billing": "Billing"}
# The sales line speaks German to whoever has not written yet.
LINES = {
    "acme-support": ("Support line", "+15550100001", "support", None),
    "acme-sales": ("Sales line", "+15550100002", "sales", "de"),
}
AUTOMATIC_MESSAGES = {
    ("en", Automatic.first_welcome): "Hi, this is {brand}! One of us will answer shortly. "
    "Reply STOP to opt out, HELP for help.",
    ("en", Automatic.welcome): "Good to hear from you again. One of us will answer shortly.",
    ("de", Automatic.first_welcome): "Hallo, hier ist {brand}! Wir antworten Ihnen gleich. "
    "STOP beendet den Empfang, HELP hilft weiter.",
    ("de", Automatic.welcome): "Schön, wieder von Ihnen zu hören. Wir antworten Ihnen gleich.",
}


@dataclass(frozen=True)
class DemoLogIn:
    """A person of the demo brand."""

    id: str
    name: str
    role: Role
    skills: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.id}@acme.example"

    @property
    def password(self) -> str:
        return f"{self.id}-loves-hiking"


LOG_INS = (
    DemoLogIn("ann", "Ann", Role.agent, ("support", "billing")),
    DemoLogIn("ben", "Ben", Role.agent, ("support", "sales")),
    DemoLogIn("mia", "Mia", Role.manager, ("support", "sales", "billing")),
    DemoLogIn("ada", "Ada", Role.admin, ()),
)


@dataclass(frozen=True)
class SimulatedLine:
    """A line whose carrier is the simulator."""

    id: str
    provider: str
    number: str


@dataclass(frozen=True)
class Demo:
    """What there is to try, after `seed`."""

    log_ins: Sequence[DemoLogIn]
    lines: Sequence[SimulatedLine]


async def seed(database_url: str, encryption_keys: str, *, simulator_url: str) -> Demo:
    """Add what is missing of the demo brand; changes made since stay."""
    box = SecretBox(Keyring.parse(encryption_keys))
    secret = box.seal(ConnectorSecret(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN))
    async with (
        opened(database_url, pool_size=2, name="switchboard demo") as sessions,
        sessions.begin() as session,
    ):
        if await session.scalar(select(Account.id).where(Account.id == ACCOUNT)) is None:
            await _add_brand(session)
            await _add_people(session)
        await _connect(session, secret, simulator_url)
        await _add_lines(session)
        return Demo(LOG_INS, await _simulated_lines(session, simulator_url))


async def _add_brand(session: AsyncSession) -> None:
    session.add(Account(id=ACCOUNT, name="Acme Outdoor", brand="Acme Outdoor"))
    await session.flush()
    for id_, name in SKILLS.items():
        session.add(Skill(id=id_, account_id=ACCOUNT, name=name))
    for (language, event), text in AUTOMATIC_MESSAGES.items():
        session.add(AutomaticMessage(account_id=ACCOUNT, language=language, event=event, text=text))
    await surveys.put(session, ACCOUNT, SurveyDesign())
    await session.flush()


async def _add_people(session: AsyncSession) -> None:
    passwords = PasswordHash.recommended()
    for person in LOG_INS:
        session.add(
            Agent(
                id=person.id,
                account_id=ACCOUNT,
                name=person.name,
                email=person.email,
                password_hash=passwords.hash(person.password),
                role=person.role,
            )
        )
        await session.flush()  # a transaction that hears nothing is ended, and hashes take long
    for person in LOG_INS:
        for skill in person.skills:
            session.add(AgentSkill(agent_id=person.id, skill_id=skill))


async def _connect(session: AsyncSession, secret: bytes, simulator_url: str) -> None:
    """Point the connector to the simulator of this start, unless it points elsewhere by now."""
    values = {"secret": secret, "api_url": simulator_url}
    await session.execute(
        insert(Connector)
        .values(id=CONNECTOR, account_id=ACCOUNT, provider="twilio", name="Simulator", **values)
        .on_conflict_do_update(
            index_elements=[Connector.id],
            set_=values,
            where=Connector.api_url.startswith("http://127.0.0.1:"),
        )
    )


async def _add_lines(session: AsyncSession) -> None:
    for id_, (name, number, skill, language) in LINES.items():
        await session.execute(
            insert(Line)
            .values(
                id=id_,
                account_id=ACCOUNT,
                connector_id=CONNECTOR,
                name=name,
                address=number,
                kind=LineKind.long_code,
                entry_skill_id=skill,
                language=language,
            )
            .on_conflict_do_nothing()
        )


async def _simulated_lines(session: AsyncSession, simulator_url: str) -> Sequence[SimulatedLine]:
    """Return every line of every account that texts through the simulator."""
    query = (
        select(Line.id, Connector.provider, Line.address)
        .join(Connector, Connector.id == Line.connector_id)
        .where(Connector.api_url == simulator_url, Line.retired_at.is_(None))
        .order_by(Line.address)
    )
    return [SimulatedLine(*row) for row in await session.execute(query)]
