"""Settings change by the same rules for every caller, without a page or a route."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import line_health
from database.queries.accounts import NewAccount
from database.tables import Agent, AutomaticMessage, Skill
from domain.automatic.kinds import Automatic
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.roles import AgentState, Role
from providers.twilio.description import DESCRIPTION
from security.passwords import Passwords
from security.secrets import Keyring, SecretBox
from services import agent_states
from services.configuring import (
    account,
    accounts,
    agents,
    automatic_messages,
    connectors,
    lines,
    skills,
)
from services.configuring.account import AccountChange
from services.configuring.agents import AgentChange, NewAgent
from services.configuring.automatic_messages import NewText
from services.configuring.connectors import ConnectorChange, KnownProviders
from services.configuring.lines import LineChange, NewLine
from services.configuring.skills import SkillChange
from services.installation import Installation
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.services.callers import caller

PASSWORD = "a very long password"

TWILIO = KnownProviders(
    {"twilio": DESCRIPTION}, SecretBox(Keyring.parse(ENCRYPTION_KEYS)), may_be_elsewhere=False
)


async def count(session: AsyncSession, table: type[Agent | AutomaticMessage | Skill]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("role", [Role.agent, Role.manager])
async def test_nothing_is_written_for_somebody_who_may_not_configure(
    session_factory: Sessions, brand: Brand, role: Role
) -> None:
    program = caller(brand.account_id, role)
    new = NewAgent("Eve", "eve@brand.test", PASSWORD, Role.admin)
    async with session_factory.begin() as session:
        before = await count(session, Agent), await count(session, Skill)
        attempts: list[Callable[[], Awaitable[object]]] = [
            lambda: agents.create(program, session, Passwords.create(), new),
            lambda: skills.create(program, session, "Returns", SkillChange()),
            lambda: account.change(program, session, AccountChange(brand="Evil")),
            lambda: lines.retire(program, session, brand.line_id),
        ]
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                await attempt()
        assert not session.dirty
        assert (await count(session, Agent), await count(session, Skill)) == before
        assert (await account.show(program, session)).brand != "Evil"


async def test_another_accounts_admin_finds_nothing(
    session_factory: Sessions, brand: Brand
) -> None:
    async with session_factory.begin() as session:
        admin = NewAgent("Zoe", "zoe@other.example", PASSWORD)
        other = NewAccount("Other", "Other", id="other")
        await accounts.set_up(Installation(), session, Passwords.create(), other, admin)
        zoe = caller("other", Role.admin)
        for attempt in (
            skills.change(zoe, session, brand.support, SkillChange(name="Mine")),
            lines.change(zoe, session, TWILIO, brand.line_id, LineChange(name="Mine")),
            agents.change(
                zoe, session, Passwords.create(), brand.ann.agent_id, AgentChange(name="Mine")
            ),
            agents.find(zoe, session, brand.ann.agent_id),
            automatic_messages.put(
                zoe, session, NewText(Automatic.welcome, "Hi", line=brand.line_id)
            ),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert [one.agent.name for one in await agents.listed(zoe, session)] == ["Zoe"]


async def test_what_is_left_out_of_a_change_stays_and_none_empties(
    session_factory: Sessions, brand: Brand
) -> None:
    admin = caller(brand.account_id, Role.admin)
    async with session_factory.begin() as session:
        wanted = SkillChange(response_seconds=600, fallback_skill=brand.sales)
        await skills.change(admin, session, brand.support, wanted)
        await skills.change(admin, session, brand.support, SkillChange(priority=3))
        skill = (await skills.find(admin, session, brand.support)).skill
        assert (skill.response_seconds, skill.fallback_skill_id) == (600, brand.sales)
        emptied = SkillChange(response_seconds=None, fallback_skill=None)
        await skills.change(admin, session, brand.support, emptied)
        assert (skill.priority, skill.response_seconds, skill.fallback_skill_id) == (3, None, None)


@pytest.mark.parametrize(
    "wanted",
    [
        AccountChange(auto_close_seconds=60),
        AccountChange(default_capacity=-1),
        AccountChange(release_after_seconds=90_000),
        AccountChange(time_zone="Mars/Olympus"),
        AccountChange(language="klingon"),
        AccountChange(brand="two\nlines"),
        AccountChange(name="x" * 81),
    ],
    ids=repr,
)
async def test_a_value_that_no_page_takes_is_taken_from_nobody(
    session_factory: Sessions, brand: Brand, wanted: AccountChange
) -> None:
    async with session_factory.begin() as session:
        with pytest.raises(Invalid):
            await account.change(caller(brand.account_id, Role.admin), session, wanted)


async def test_new_things_have_allowed_values_as_changed_ones_do(
    session_factory: Sessions, brand: Brand
) -> None:
    admin, passwords = caller(brand.account_id, Role.admin), Passwords.create()
    line = NewLine("Line", f"{brand.account_id}-twilio", "+15550100033", brand.support)
    async with session_factory.begin() as session:
        for attempt in (
            agents.create(
                admin, session, passwords, NewAgent("A", "a@x.example", PASSWORD, capacity=101)
            ),
            skills.create(admin, session, "Returns", SkillChange(priority=101)),
            skills.create(admin, session, "", SkillChange()),
            lines.create(admin, session, TWILIO, replace(line, priority=-101)),
            lines.create(admin, session, TWILIO, replace(line, language="klingon")),
            lines.create(admin, session, TWILIO, replace(line, name=" ")),
        ):
            with pytest.raises(Invalid):
                await attempt
        await lines.create(admin, session, TWILIO, line)


async def test_an_account_is_set_up_with_an_admin_as_any_admin_would_be(
    session_factory: Sessions,
) -> None:
    passwords = Passwords.create()
    new = NewAccount("Brand", "Brand")
    async with session_factory.begin() as session:
        for email, password in (
            ("you", PASSWORD),
            ("you@x.example\n", "short"),
            ("you@x.example", "brand12345"),
        ):
            refused = NewAgent("You", email, password)
            with pytest.raises(Invalid):
                await accounts.set_up(Installation(), session, passwords, new, refused)
        admin = NewAgent("You", " You@X.example", PASSWORD, Role.agent)
        made = await accounts.set_up(Installation(), session, passwords, new, admin)
        [first] = await agents.listed(caller(made.id, Role.agent), session)
        assert (first.agent.id, first.agent.role) == ("brand-you", Role.admin)
        assert first.agent.email == "you@x.example"
        with pytest.raises(Conflict):
            await agents.retire(Installation().caller(made.id), session, first.agent.id)


async def test_the_installation_itself_makes_nothing_that_an_admin_could_not(
    session_factory: Sessions, brand: Brand
) -> None:
    owner = Installation().caller(brand.account_id)
    async with session_factory.begin() as session:
        with pytest.raises(Invalid):
            await skills.create(owner, session, "Support", SkillChange(), skill_id="support")
        with pytest.raises(Invalid):
            await automatic_messages.put(owner, session, NewText(Automatic.welcome, "Hi {nobody}"))
        with pytest.raises(NotFound):
            await skills.find(owner, session, "another-account-support")


async def test_a_program_sets_nobodys_state_unless_it_is_a_managers(
    session_factory: Sessions, brand: Brand
) -> None:
    ann = brand.ann.agent_id
    async with session_factory.begin() as session:
        agent = caller(brand.account_id, Role.agent)
        with pytest.raises(NotAllowed):
            await agent_states.set_state(agent, session, ann, AgentState.online, None)
        manager = caller(brand.account_id, Role.manager)
        changed = await agent_states.set_state(manager, session, ann, AgentState.online, None)
        assert changed.agent.state == AgentState.online


async def test_a_prefix_is_changed_without_touching_the_secret(
    session_factory: Sessions, brand: Brand
) -> None:
    admin = caller(brand.account_id, Role.admin)
    async with session_factory.begin() as session:
        [connector] = await connectors.listed(admin, session)
        secret = connector.secret
        providers = KnownProviders({}, SecretBox(Keyring.parse(ENCRYPTION_KEYS)), False)
        change = ConnectorChange(prefix="Brand: ")
        changed = await connectors.change(admin, session, providers, connector.id, change)
        assert (changed.prefix, changed.secret) == ("Brand: ", secret)


async def test_of_two_accounts_that_connect_a_number_at_once_one_waits(
    session_factory: Sessions,
) -> None:
    async with session_factory.begin() as one, session_factory.begin() as other:
        await line_health.take_turn(one, "+15550100009")
        await other.execute(sql("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            await line_health.take_turn(other, "+15550100009")
        await other.rollback()
