"""Who calls a service, and what they may do: a person who logged in, or a program with a token.

A service takes its caller first and checks the permission itself, whoever called it: a route, a
page, a command, an activity. Who a caller is, is proven by `services.proving`.
"""

from dataclasses import dataclass, field

from database.queries.conversations import Viewer
from domain.conversation.inputs import Person
from domain.errors import NotAllowed
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from services.errors import NobodyActs
from workflows.conversation.messages import Actor

RANKS = {Role.agent: 0, Role.manager: 1, Role.admin: 2}


@dataclass(frozen=True)
class Proof:
    """What a request proves itself by: enough to ask again while it is being answered."""

    secret_hash: bytes
    is_program: bool
    acts_for: str | None
    """The agent a program names."""


@dataclass(frozen=True)
class Caller:
    """Who calls, as proven. `id` is an agent's or a token's; `person` is who acts, if anybody."""

    account_id: str
    id: str
    role: Role
    person: Person | None
    proof: Proof = field(repr=False)

    @property
    def session_hash(self) -> bytes | None:
        """The hash of a person's log-in; a program has none."""
        return None if self.proof.is_program else self.proof.secret_hash

    def has(self, role: Role) -> bool:
        """Say whether the caller's role is this one or a higher one."""
        return RANKS[self.role] >= RANKS[role]

    def require(self, role: Role, otherwise: str | None = None) -> None:
        """Refuse whoever's role is lower. Raises `NotAllowed`, with a sentence of its own."""
        if not self.has(role):
            raise NotAllowed(otherwise) if otherwise else NotAllowed

    @property
    def language_source(self) -> LanguageSource:
        """Return who sets a language: a person who logged in, or a program, whoever it acts for."""
        return LanguageSource.agent if self.session_hash else LanguageSource.api

    @property
    def viewer(self) -> Viewer:
        return Viewer(
            account_id=self.account_id,
            agent_id=self.person.agent_id if self.person else None,
            sees_all=self.has(Role.manager),
        )

    @property
    def actor(self) -> Actor:
        """Return who gives a command. Raises `NobodyActs` for a program on its own."""
        if self.person is None:
            raise NobodyActs
        person = self.person
        return Actor(agent_id=person.agent_id, name=person.name, role=person.role)
