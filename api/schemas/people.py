"""People and programs: requests and answers about them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from api.schemas.shared import (
    Answer,
    Name,
    Request,
    SignatureText,
    SlugText,
    change,
    example,
    sent,
    within,
)
from database.queries.agents import Working
from database.tables import AgentStatePeriod
from domain.people.log_in_names import EMAIL, LONGEST_EMAIL
from domain.people.passwords import LONGEST, SHORTEST
from domain.people.roles import AgentState, Role
from domain.people.token_scopes import Scopes, TokenScope
from domain.settings.allowed import CAPACITY
from services.configuring import agents

EXAMPLE_PASSWORD = "a long password"  # noqa: S105 - shown in the documentation


def _lower(text: str) -> str:
    return text.lower()


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_EMAIL, pattern=EMAIL),
    AfterValidator(_lower),
]
Capacity = Annotated[int, within(CAPACITY)]
Reason = Annotated[Name, Field(max_length=60)]
NewPassword = Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST)]
SkillIds = Annotated[list[SlugText], Field(max_length=200)]


class AgentOut(Answer):
    """A person of the account, and how busy they are."""

    id: str
    name: str
    email: str
    role: Role
    state: AgentState
    state_reason: str | None
    state_since: datetime
    skills: list[str]
    load: int
    """Conversations they have now."""
    capacity: int | None
    """Null: the account's default."""
    may_pick: bool
    may_open: bool
    """Whether they may begin conversations."""
    """Whether they may take conversations from the queue themselves."""
    signature: str | None
    """What stands under their replies."""
    signs_replies: bool
    """Whether their composer puts it there."""
    online_since: datetime | None
    """When their present working day began: the first `online` after `offline`."""
    missed_offers: int
    """Offers missed in a row."""
    retired_at: datetime | None

    @classmethod
    def of(cls, working: Working) -> Self:
        agent = working.agent
        return cls(
            id=agent.id,
            name=agent.name,
            email=agent.email,
            role=Role(agent.role),
            state=AgentState(agent.state),
            state_reason=agent.state_reason,
            state_since=agent.state_since,
            skills=list(working.skills),
            load=working.load,
            capacity=agent.capacity,
            may_pick=agent.may_pick,
            may_open=agent.may_open,
            signature=agent.signature,
            signs_replies=agent.signs_replies,
            online_since=agent.online_since,
            missed_offers=agent.missed_offers,
            retired_at=agent.retired_at,
        )


class LogIn(Request):
    model_config = example(email="ann@acme.example", password=EXAMPLE_PASSWORD)

    email: Annotated[str, StringConstraints(max_length=LONGEST_EMAIL)]
    password: Annotated[SecretStr, Field(max_length=LONGEST)]
    account: SlugText | None = Field(
        default=None,
        description="The account's id. Needed if several accounts have this address and password.",
    )
    code: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        default=None,
        description="The one-time code of an authenticator app, or a recovery code. Needed if the "
        "answer is `code_needed`.",
    )


class LoggedIn(Answer):
    """A log-in. The token goes into `Authorization: Bearer`; browsers have it as a cookie."""

    token: str
    expires_at: datetime
    agent: AgentOut


class PersonLinkOut(Answer):
    """A link that is shown once: whoever has it sets the person's password."""

    link: str
    was_mailed: bool


class PasswordChange(Request):
    model_config = example(current=EXAMPLE_PASSWORD, new="a longer password")

    current: Annotated[SecretStr, Field(max_length=LONGEST)]
    new: NewPassword


class Me(Answer):
    """Who calls. A program on its own has no agent."""

    account_id: str
    role: Role
    agent: AgentOut | None


class NewAgent(Request):
    model_config = example(
        name="Cleo", email="cleo@acme.example", password=EXAMPLE_PASSWORD, role="agent", skills=[]
    )

    id: SlugText | None = None
    name: Name
    email: Email
    password: NewPassword | None = Field(
        default=None,
        description="Left out: they set their own, with a link from `POST /v1/agents/{id}/links`.",
    )
    role: Role = Role.agent
    skills: SkillIds = Field(default_factory=list)
    capacity: Capacity | None = None
    may_pick: bool = False

    @property
    def wanted(self) -> agents.NewAgent:
        password = self.password.get_secret_value() if self.password else None
        values = self.model_dump() | {"password": password}
        return agents.NewAgent(**values)


class AgentChange(Request):
    """Fields that are left out stay as they are. A new password ends the agent's log-ins."""

    model_config = example(name="Cleo K.", capacity=3)

    name: Name = change("The name consumers and colleagues see.")
    email: Email = change("They log in with it.")
    password: NewPassword = change(f"At least {SHORTEST} characters, and not easy to guess.")
    role: Role = change("agent, manager or admin.")
    skills: SkillIds = change("All the skills they have from now on.")
    capacity: Capacity | None = change("Conversations at once; null for the account's default.")
    may_open: bool = change("Whether they may begin conversations.")
    may_pick: bool = change("Whether they may take conversations from the queue themselves.")
    signature: SignatureText | None = change("What stands under their replies; null for nothing.")

    @property
    def wanted(self) -> agents.AgentChange:
        values = sent(self)
        if "password" in values:
            values["password"] = self.password.get_secret_value()
        return agents.AgentChange(**values)


class StateChange(Request):
    model_config = example(state="away", reason="Lunch")

    state: AgentState
    reason: Reason | None = Field(default=None, description="One of the account's, when away.")


class CapacityChange(Request):
    model_config = example(capacity=3)

    capacity: Capacity | None = Field(description="Null: the account's default.")


class StatePeriodOut(Answer):
    """A state somebody was in; the present one has no end."""

    state: AgentState
    reason: str | None
    began_at: datetime
    ended_at: datetime | None
    seconds: int
    """How long it lasted, until now for the present one."""

    @classmethod
    def of(cls, period: AgentStatePeriod, now: datetime) -> Self:
        lasted = (period.ended_at or now) - period.began_at
        return cls(
            state=AgentState(period.state),
            reason=period.reason,
            began_at=period.began_at,
            ended_at=period.ended_at,
            seconds=max(int(lasted.total_seconds()), 0),
        )


class AwayReasons(Request):
    """Why agents may be away: 10 reasons at most, in the order they are offered."""

    model_config = example(reasons=["Lunch", "Training"])

    reasons: Annotated[list[Reason], Field(max_length=10)]


TokenScopes = Annotated[
    list[TokenScope],
    Field(min_length=1, max_length=len(TokenScope)),
    AfterValidator(lambda scopes: sorted(set(scopes))),
]


class NewToken(Request):
    """A token without scopes can do all that its role may do."""

    model_config = example(
        name="Order system", role="manager", scopes=["conversations:read", "conversations:write"]
    )

    name: Name
    role: Role
    scopes: TokenScopes | None = Field(
        default=None,
        description="What it is limited to; null: all that its role may do. `write` does not "
        "include `read`.",
    )

    @property
    def limits(self) -> Scopes:
        return None if self.scopes is None else frozenset(self.scopes)


class TokenChange(Request):
    """What a token is limited to from now on."""

    model_config = example(scopes=["conversations:read", "events:read"])

    scopes: TokenScopes | None = Field(description="Null: all that its role may do.")

    @property
    def limits(self) -> Scopes:
        return None if self.scopes is None else frozenset(self.scopes)


class TokenOut(Answer):
    """A program's token; the token itself is never shown again."""

    id: str
    name: str
    role: Role
    scopes: list[str] | None
    """What it is limited to. Null: all that its role may do."""
    created_at: datetime
    last_used_at: datetime | None
    """To the minute; null: never."""


class TokenMade(TokenOut):
    """A new token: this is the only time `token` is shown."""

    token: str
