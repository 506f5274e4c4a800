"""Sets up the demo brand of `make run`: Acme Outdoor, whose carrier is the simulator.

Use it only on your own machine: its passwords are in this file and are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import opened
from database.queries.accounts import NewAccount
from database.tables import Connector, Line, Menu, MenuNumber, MenuVersion
from domain.automatic.kinds import Automatic
from domain.calls.menu import Design
from domain.consent.first_texts import FirstTextCheck
from domain.errors import NotFound
from domain.people.roles import Role
from domain.settings.kinds import LabelColour
from domain.survey.design import SurveyDesign
from providers.twilio.description import DESCRIPTION
from security.passwords import Passwords
from security.secrets import Keyring, SecretBox
from services.caller import Caller
from services.clock import utc_now
from services.configuring import (
    account,
    accounts,
    agents,
    automatic_messages,
    closing_reasons,
    connectors,
    labels,
    lines,
    menus,
    skills,
    surveys,
)
from services.configuring.agents import NewAgent
from services.configuring.automatic_messages import NewText
from services.configuring.connectors import ConnectorChange, KnownProviders, NewConnector
from services.configuring.lines import NewLine
from services.configuring.menus import NewMenu
from services.configuring.skills import SkillChange
from services.installation import Installation

ACCOUNT = "acme"
CONNECTOR = "acme-twilio"
MENU = "acme-hotline"
CALLED = "acme-support"
# The simulator's credentials of a Twilio account.
ACCOUNT_SID = "AC" + "0" * 28 + "acae"
AUTH_TOKEN = "demo-only-auth-token-of-acme"  # noqa: S105 - known to the simulator, worth nothing

FREE_NUMBERS = ("+15550100003", "+18335550104", "555104")
"""Numbers of the simulated account that are no lines of the demo brand: for one's own brand."""
SIMULATED = (
    f"The simulator as your Twilio: account SID {ACCOUNT_SID}, auth token {AUTH_TOKEN}, "
    f"API address {{url}}, number {FREE_NUMBERS[0]}"
)

PROVIDER = "twilio"

SKILLS = {"acme-support": "Support", "acme-sales": "Sales", "acme-billing": "Billing"}
# The sales line uses German until it recognises a consumer's language.
LINES = {
    "acme-support": ("Support line", "+15550100001", "acme-support", None),
    "acme-sales": ("Sales line", "+15550100002", "acme-sales", "de"),
}
LABELS = {
    "Complaint": LabelColour.red,
    "Refund": LabelColour.orange,
    "Delivery": LabelColour.blue,
}
CLOSING_REASONS = {"Solved": (), "No answer": (), "Sold": ("acme-sales",)}
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

    name: str
    role: Role
    skills: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{ACCOUNT}-{self.name.lower()}"

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@acme.example"

    @property
    def password(self) -> str:
        return f"{self.name.lower()}-loves-hiking"

    @property
    def agent(self) -> NewAgent:
        return NewAgent(self.name, self.email, self.password, self.role, self.skills, id=self.id)


ADMIN = DemoLogIn("Ada", Role.admin)
LOG_INS = (
    DemoLogIn("Ann", Role.agent, ("acme-support", "acme-billing")),
    DemoLogIn("Ben", Role.agent, ("acme-support", "acme-sales")),
    DemoLogIn("Mia", Role.manager, ("acme-support", "acme-sales", "acme-billing")),
    ADMIN,
)


@dataclass(frozen=True)
class SimulatedLine:
    """A line whose carrier is the simulator."""

    id: str
    provider: str
    number: str


@dataclass(frozen=True)
class Demo:
    """The log-ins and lines of the demo brand, after `seed`."""

    log_ins: Sequence[DemoLogIn]
    lines: Sequence[SimulatedLine]
    called: Sequence[SimulatedLine]
    """Numbers whose calls get a menu, each with the line that takes them."""


async def seed(database_url: str, encryption_keys: str, *, simulator_url: str) -> Demo:
    """Add the missing parts of the demo brand, and keep changes made since."""
    box = SecretBox(Keyring.parse(encryption_keys))
    simulated = KnownProviders({PROVIDER: DESCRIPTION}, box, may_be_elsewhere=True)
    async with (
        opened(database_url, pool_size=2, name="switchboard demo") as sessions,
        sessions.begin() as session,
    ):
        caller = Installation().caller(ACCOUNT)
        await _set_up(caller, session)
        await _connect(caller, session, simulated, simulator_url)
        await _add_lines(caller, session, simulated)
        await _add_menu(caller, session)
        numbers = await _simulated_lines(session, simulator_url)
        return Demo(LOG_INS, numbers, await _called(session, numbers))


async def _set_up(caller: Caller, session: AsyncSession) -> None:
    try:
        await account.show(caller, session)
    except NotFound:
        new, passwords = NewAccount("Acme Outdoor", "Acme Outdoor", id=ACCOUNT), Passwords.create()
        await accounts.set_up(Installation(), session, passwords, new, ADMIN.agent)
        # Its phones are simulated: texts may leave at any hour, and as they were written.
        off = FirstTextCheck.off
        plain = account.AccountChange(holds_quiet_hours=False, first_text_check=off)
        await account.change(caller, session, plain)
        for skill_id, name in SKILLS.items():
            await skills.create(caller, session, name, SkillChange(), skill_id=skill_id)
        for (language, event), text in AUTOMATIC_MESSAGES.items():
            await automatic_messages.put(caller, session, NewText(event, text, language=language))
        await surveys.put(caller, session, SurveyDesign())
        for name, colour in LABELS.items():
            await labels.create(caller, session, name, colour)
        for name, of_skills in CLOSING_REASONS.items():
            await closing_reasons.create(caller, session, name, of_skills)
        for person in LOG_INS:
            if person is not ADMIN:
                await agents.create(caller, session, passwords, person.agent)


async def _connect(
    caller: Caller, session: AsyncSession, simulated: KnownProviders, simulator_url: str
) -> None:
    """Point the connector to this start's simulator, unless an admin has changed its address."""
    secret = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN}
    try:
        known = await connectors.find(caller, session, CONNECTOR)
    except NotFound:
        new = NewConnector(PROVIDER, "Simulator", secret, simulator_url, id=CONNECTOR)
        await connectors.create(caller, session, simulated, new)
        return
    if (known.api_url or "").startswith("http://127.0.0.1:") and known.retired_at is None:
        moved = ConnectorChange(secret=secret, api_url=simulator_url)
        await connectors.change(caller, session, simulated, CONNECTOR, moved)


async def _add_lines(caller: Caller, session: AsyncSession, simulated: KnownProviders) -> None:
    for line_id, (name, number, skill, language) in LINES.items():
        try:
            await lines.find(caller, session, line_id)
        except NotFound:
            new = NewLine(
                name,
                CONNECTOR,
                number,
                skill,
                language=language,
                id=line_id,
            )
            await lines.create(caller, session, simulated, new)


async def _add_menu(caller: Caller, session: AsyncSession) -> None:
    """Answer calls to the support line by a menu, which the simulator knows from its start."""
    try:
        await menus.find(caller, session, MENU)
    except NotFound:
        _, number, skill, _ = LINES[CALLED]
        design = Design(line=CALLED, skill=skill, languages=("en", "es"), texts_missed=True)
        await menus.create(caller, session, NewMenu("Hotline", design, [number], MENU))
        row = await session.get_one(MenuNumber, (number, ACCOUNT))
        row.replaced, row.set_up_at = {"voice_url": "", "status_url": ""}, utc_now()
        await session.flush()


async def _called(
    session: AsyncSession, numbers: Sequence[SimulatedLine]
) -> Sequence[SimulatedLine]:
    """Return the simulated numbers that were set up for a menu, with the menu's line."""
    query = (
        select(MenuNumber.number, MenuVersion.design["line"].astext)
        .join(Menu, Menu.id == MenuNumber.menu_id)
        .join(MenuVersion, MenuVersion.menu_id == Menu.id)
        .where(MenuVersion.version == Menu.version, MenuNumber.set_up_at.is_not(None))
    )
    lines = {one.id: one for one in numbers}
    return [
        SimulatedLine(line, lines[line].provider, number)
        for number, line in await session.execute(query)
        if line in lines
    ]


async def _simulated_lines(session: AsyncSession, simulator_url: str) -> Sequence[SimulatedLine]:
    """Return all lines, of any account, that send through the simulator."""
    query = (
        select(Line.id, Connector.provider, Line.address)
        .join(Connector, Connector.id == Line.connector_id)
        .where(Connector.api_url == simulator_url, Line.retired_at.is_(None))
        .order_by(Line.address)
    )
    return [SimulatedLine(*row) for row in await session.execute(query)]
