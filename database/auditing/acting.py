"""Who acts, told to the database where a transaction writes what the audit log is about.

Other transactions cost nothing: the actor is set only where such a table is written.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy import text as sql
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from database.auditing.tables import AUDITED

SET = sql("SELECT set_config('switchboard.actor', CAST(:actor AS text), true)")
NAMED = "actor is named"


@dataclass(frozen=True)
class Acting:
    """Who acts, by which door, from where. `id`: of a person or a token; `agent_id`: the person."""

    id: str
    agent_id: str | None = None
    door: str = ""
    address: str = ""
    request_id: str = ""

    def told(self) -> str:
        """Return it as the trigger reads it: fields between tabs."""
        fields = (self.id, self.agent_id or "", self.door, self.address, self.request_id)
        return "\t".join(field.replace("\t", " ") for field in fields)


ACTING: ContextVar[Acting | None] = ContextVar("acting", default=None)


class AuditedSession(Session):
    """A session that names the actor before it writes what is audited."""


def _before_flush(session: Session, _flush: UOWTransaction, _instances: Any) -> None:
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(getattr(row, "__tablename__", "") in AUDITED for row in rows):
        name_actor(session)


def _before_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if getattr(table, "name", "") in AUDITED:
            name_actor(state.session)


def _after_transaction(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(NAMED, None)


def name_actor(session: Session) -> None:
    """Tell the transaction who acts, once."""
    acting = ACTING.get()
    if acting is None or NAMED in session.info:
        return
    session.info[NAMED] = True
    session.connection().execute(SET, {"actor": acting.told()})


event.listen(AuditedSession, "before_flush", _before_flush)
event.listen(AuditedSession, "do_orm_execute", _before_statement)
event.listen(AuditedSession, "after_transaction_end", _after_transaction)
