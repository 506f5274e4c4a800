"""Who may export, when it is asked for and again while it is made."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries import proofs
from database.tables import ApiToken, Export, ExportSchedule
from domain.conversation.inputs import Person
from domain.errors import DomainError, NotAllowed
from domain.exporting.kinds import ExportKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope, understood
from services.caller import Caller, Proof

NOT_ANY_MORE = "Whoever asked for this export may not make it any more."

READS: Mapping[ExportKind, Sequence[TokenScope]] = {
    # With all that is known of each consumer.
    ExportKind.conversations: (TokenScope.conversations_read, TokenScope.consumers_read),
    ExportKind.messages: (TokenScope.conversations_read,),
    ExportKind.survey_answers: (TokenScope.conversations_read,),
    ExportKind.events: (TokenScope.conversations_read,),
    ExportKind.figures: (TokenScope.reports_read,),
}
"""The scopes that a token needs for what a file of each kind holds."""


def check_may(caller: Caller, kind: ExportKind) -> None:
    """Raise `NotAllowed` for agents, and `ScopeMissing` for tokens that may not read it."""
    caller.require(Role.manager, "Only managers and admins may export.")
    for scope in READS[kind]:
        caller.require_scope(scope)


def check_may_all(caller: Caller) -> None:
    """Raise what `check_may` raises, for a caller who may not export everything."""
    for kind in ExportKind:
        check_may(caller, kind)


async def standing(session: AsyncSession, direct: Direct, export: Export) -> Caller:
    """Return who asked for an export, with what they may do now. Raises `NotAllowed`."""
    caller = await _standing(session, direct, export)
    if caller is None:
        raise NotAllowed(NOT_ANY_MORE)
    try:
        check_may(caller, ExportKind(export.kind))
    except DomainError as error:
        raise NotAllowed(NOT_ANY_MORE) from error
    return caller


async def _standing(session: AsyncSession, direct: Direct, export: Export) -> Caller | None:
    if export.schedule_id is not None:
        schedule = await session.get(ExportSchedule, export.schedule_id)
        if schedule is None or schedule.retired_at is not None:
            return None
        # An admin has set it up, and it goes on when they leave.
        of_schedule = Proof(b"schedule", is_program=True, acts_for=None)
        return Caller(export.account_id, str(schedule.id), Role.admin, None, of_schedule)
    token = await session.get(ApiToken, export.token_id) if export.token_id else None
    if token is not None and token.revoked_at is not None:
        return None
    if export.agent_id is None:
        return _program(token) if token else None
    person = (await proofs.people(direct, [export.agent_id])).get(export.agent_id)
    if person is None or person.is_retired or person.account_id != export.account_id:
        return None
    role = Role(person.role)
    return Caller(
        export.account_id,
        token.id if token else person.id,
        role,
        Person(agent_id=person.id, name=person.name, role=role),
        Proof(b"export", is_program=token is not None, acts_for=person.id),
        understood(token.scopes) if token else None,
        led=person.led,
    )


def _program(token: ApiToken) -> Caller:
    proof = Proof(b"export", is_program=True, acts_for=None)
    scopes = understood(token.scopes)
    return Caller(token.account_id, token.id, Role(token.role), None, proof, scopes)
