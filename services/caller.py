"""The caller of a service, and what they may do: a person with a log-in, or a program with a token.

A service takes its caller first and checks the permission itself, whether a route, a page, a
command or an activity calls it. `services.proving` proves who a caller is.
"""

from dataclasses import dataclass, field

from database.queries.visibility import Viewer
from domain.conversation.inputs import Person
from domain.errors import NotAllowed
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from domain.people.teams import Led
from domain.people.token_scopes import Scopes, TokenScope
from services.errors import NobodyActs, ScopeMissing
from workflows.conversation.messages import Actor

RANKS = {Role.agent: 0, Role.manager: 1, Role.admin: 2}
ONLY_WHOLE = "Only admins, and managers who are in no team, may do this."
NOT_OF_TEAM = "This skill is not one of your teams'."
NOT_IN_TEAM = "This person is in none of your teams."


@dataclass(frozen=True)
class Proof:
    """What proves a caller. It is checked again while a long request is being answered."""

    secret_hash: bytes
    is_program: bool
    acts_for: str | None
    """The agent a program names."""


@dataclass(frozen=True)
class Caller:
    """A proven caller. `id`: of an agent or a token. `person`: who acts, if anybody.

    `scopes`: what a token is limited to, None for people and for tokens without scopes.
    """

    account_id: str
    id: str
    role: Role
    person: Person | None
    proof: Proof = field(repr=False)
    scopes: Scopes = None
    language: str | None = None
    """The interface's language that this person has chosen."""
    led: Led | None = None
    """What a manager in teams sees to; None for everybody else."""

    @property
    def session_hash(self) -> bytes | None:
        """The hash of a person's log-in; a program has none."""
        return None if self.proof.is_program else self.proof.secret_hash

    def has(self, role: Role) -> bool:
        """Say whether the caller's role is this one or a higher one."""
        return RANKS[self.role] >= RANKS[role]

    @property
    def roles(self) -> list[Role]:
        """Return the caller's role and the lower ones."""
        return [role for role in Role if self.has(role)]

    def require(self, role: Role, otherwise: str | None = None) -> None:
        """Raise `NotAllowed` if the caller's role is lower. `otherwise`: the sentence to say."""
        if not self.has(role):
            raise NotAllowed(otherwise) if otherwise else NotAllowed

    @property
    def sees_all(self) -> bool:
        """Say whether the caller sees to the whole account."""
        return self.has(Role.manager) and self.led is None

    @property
    def led_skills(self) -> frozenset[str] | None:
        """Return the skills that a manager in teams is limited to; None: no limit."""
        return self.led.skills if self.led else None

    def require_whole(self) -> None:
        """Raise `NotAllowed` unless the caller manages the whole account."""
        self.require(Role.manager)
        if self.led is not None:
            raise NotAllowed(ONLY_WHOLE)

    def require_skill(self, skill_id: str | None) -> None:
        """Raise `NotAllowed` unless the caller manages this skill."""
        self.require(Role.manager)
        if self.led is not None and skill_id not in self.led.skills:
            raise NotAllowed(NOT_OF_TEAM)

    def require_person(self, agent_id: str) -> None:
        """Raise `NotAllowed` unless the caller manages this person."""
        self.require(Role.manager)
        if self.led is not None and agent_id not in self.led.people:
            raise NotAllowed(NOT_IN_TEAM)

    def require_scope(self, scope: TokenScope) -> None:
        """Raise `ScopeMissing` for a token that is limited to other scopes."""
        if not self.has_scope(scope):
            raise ScopeMissing(scope)

    def has_scope(self, scope: TokenScope) -> bool:
        """Say whether nothing limits the caller to other scopes than this one."""
        return self.scopes is None or scope in self.scopes

    @property
    def language_source(self) -> LanguageSource:
        """Return who sets a language: a person, or a program even if it acts for a person."""
        return LanguageSource.agent if self.session_hash else LanguageSource.api

    @property
    def viewer(self) -> Viewer:
        return Viewer(
            account_id=self.account_id,
            agent_id=self.person.agent_id if self.person else None,
            sees_all=self.sees_all,
            led=self.led,
        )

    @property
    def actor(self) -> Actor:
        """Return who gives a command. Raises `NobodyActs` for a program on its own."""
        if self.person is None:
            raise NobodyActs
        person = self.person
        return Actor(agent_id=person.agent_id, name=person.name, role=person.role)
