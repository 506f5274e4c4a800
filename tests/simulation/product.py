"""The product's own activities and sweeps, wired to the models.

What speaks SQLAlchemy is replaced by name; everything else runs as it is.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any, ClassVar, cast
from unittest.mock import Mock, patch

import activities.journal
import activities.sending
import database.queries.sending as departures
import routing.reviving
import routing.watches
from activities.contract import Held, OpeningRequest, PolicyRequest, SendRequest, Step
from activities.journal import Journal
from activities.sending import Patience, Sending
from database.queries import system_close
from database.queries.policy import UnknownSkill
from database.queries.sending import Departure
from domain.state import AgentSilentPolicy, Policy, SurveyPolicy, Timer
from domain.texts.defaults import default_texts
from domain.words import Automatic, FollowUp, MessageStatus
from tests.simulation.carrier import CARRIER, Carrier
from tests.simulation.database import ANSWERS, Database
from tests.simulation.tables import Row

INPUTS: dict[str, type[Any]] = {
    "journal": Step,
    "look": Held,
    "load_opening": OpeningRequest,
    "load_policy": PolicyRequest,
    "send": SendRequest,
}
BONJOUR = "bonjour"
"""What makes a text French."""


class Now(datetime):
    """`datetime` whose `now` is the world's."""

    clock: ClassVar[Callable[[], datetime]]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return cls.clock().astimezone(tz)


class Monotonic:
    @staticmethod
    def monotonic() -> float:
        return Now.clock().timestamp()


class Ear:
    """Recognises French."""

    async def recognise(self, text: str, known: str | None) -> str | None:
        return "fr" if text.startswith(BONJOUR) else known or "en"


def policy(skill_id: str, language: str | None) -> Policy:
    """Return settings in which much happens within hours. Raises `UnknownSkill`."""
    if skill_id not in ("support", "sales"):
        raise UnknownSkill
    return POLICIES[skill_id, language or "en"]


def _policy(skill_id: str, language: str) -> Policy:
    timers = {
        Automatic.waiting_in_queue: Timer(delay=timedelta(minutes=30), repeats=2),
        Automatic.consumer_silent: Timer(delay=timedelta(hours=1)),
        Automatic.auto_close_warning: Timer(delay=timedelta(minutes=30)),
    }
    return Policy(
        brand="Acme",
        skill_id=skill_id,
        skill_name=skill_id.title(),
        texts=default_texts("en"),
        language=language,
        timers=timers,
        auto_close_after=timedelta(hours=4),
        survey=SurveyPolicy(
            timeout=timedelta(hours=1),
            late_within=timedelta(hours=2),
            follow_ups=(FollowUp.comment,),
        ),
        agent_silent=AgentSilentPolicy(reroute=timedelta(hours=3)),
    )


POLICIES = {
    (skill, language): _policy(skill, language)
    for skill in ("support", "sales")
    for language in ("en", "fr")
}


class Policies:
    """As `activities.policies.KnownPolicies`."""

    async def load(self, sessions: object, wanted: Any, mark: object, now: object) -> Policy:
        return policy(wanted.skill_id, wanted.language)


async def load_policy(
    session: object, account: str, line: str, skill: str, now: datetime, language: str | None
) -> Policy:
    return policy(skill, language)


class Activities:
    """The real activities over the models, begun by name."""

    def __init__(self, database: Database, carrier: Carrier, router: Any) -> None:
        sessions = database.sessions
        self._journal = Journal(sessions, cast(Any, Ear()), cast(Any, Policies()), router)
        self._sending = Sending(
            sessions,
            {CARRIER: cast(Any, carrier)},
            cast(Any, Mock()),
            "https://ours",
            Patience(timedelta(), timedelta(seconds=30), timedelta(minutes=10)),
        )

    def begin(self, name: str, argument: Any) -> Any:
        """Return an activity under way, with its argument already read."""
        owner: Any = self._sending if name == "send" else self._journal
        return getattr(owner, name)(argument)


# What stands for the statements that use sessions


async def _apply(sessions: Database, decided: Any, *, tells_router: bool = True) -> Any:
    return await sessions.apply_step(decided)


async def _claim_at_once(direct: Database, message_id: Any, now: datetime) -> Departure | None:
    def claimed() -> Departure | None:
        found = _departure(direct, str(message_id))
        is_free = found is not None and found.status is MessageStatus.queued
        if found is None or not is_free or (_barred(direct, found) and not found.is_consent_reply):
            return None
        _change(direct, message_id, _claimed(direct, message_id, now))
        return found

    return cast(Departure | None, await direct.within(claimed))


async def _lock(session: Database, message_id: Any) -> Departure | None:
    return _departure(session, str(message_id))


async def _claim(session: Database, message_id: Any, now: datetime) -> None:
    _change(session, message_id, _claimed(session, message_id, now))


async def _release(session: Database, message_id: Any, *, resent: bool = False) -> None:
    row = session.tables.message[str(message_id)]
    doubtful = (MessageStatus.sending, MessageStatus.unknown)
    if row["status"] in doubtful and row["provider_message_id"] is None:
        changed = {"status": MessageStatus.queued.value}
        _change(session, message_id, changed | ({"resent": True} if resent else {}))


async def _unconfirmed(session: Database, departure: Departure, sentence: str, now: Any) -> None:
    _change(session, departure.message_id, {"failure_code": "unconfirmed"})


async def _owned(session: Database, departure: Departure) -> frozenset[str]:
    rows = session.tables.message.values()
    return frozenset(row["provider_message_id"] for row in rows if row["provider_message_id"])


async def _is_opted_out(session: Database, who: Any) -> bool:
    row = session.tables.consumer.get(str(who.consumer_id), {})
    return bool(row.get("is_opted_out"))


async def _refusal(session: Database, who: Any, *, sent_at: datetime) -> bool:
    key = str(who.consumer_id)
    session.tables.consumer[key] = session.tables.consumer[key] | {"is_opted_out": True}
    return True


def _claimed(db: Database, message_id: Any, now: datetime) -> Row:
    attempts = db.tables.message[str(message_id)]["attempts"] + 1
    return {
        "status": MessageStatus.sending.value,
        "status_at": now,
        "attempts": attempts,
        "attempted_at": now,
    }


def _change(db: Database, message_id: Any, changed: Row) -> None:
    db.tables.message[str(message_id)] = db.tables.message[str(message_id)] | changed


def _barred(db: Database, departure: Departure) -> bool:
    return bool(db.tables.consumer[str(departure.consumer_id)].get("is_opted_out"))


def _departure(db: Database, message_id: str) -> Departure | None:
    row = db.tables.message.get(message_id)
    if row is None:
        return None
    conversation = db.tables.conversation[row["conversation_id"]]
    return Departure(
        status=MessageStatus(row["status"]),
        message_id=cast(Any, message_id),
        account_id="acme",
        conversation_id=row["conversation_id"],
        consumer_id=conversation["consumer_id"],
        line_id=conversation["line_id"],
        provider_message_id=row["provider_message_id"],
        text=row["text"],
        is_consent_reply=row["is_consent_reply"],
        written_at=datetime.fromisoformat(row["written_at"]),
        attempted_at=row["attempted_at"],
        resent=row["resent"],
        sender="sender",
        sender_kind="long_code",
        recipient=conversation["consumer_id"],
        provider=CARRIER,
        secret=b"",
        api_url=None,
        resend_unconfirmed=False,
    )


async def _lead(session: object, key: str) -> bool:
    return True


def _asked(session: Database) -> Any:
    async def ask(statement: bytes, values: Any) -> Any:
        rows = list(ANSWERS[statement](session, values))
        return rows[0] if rows else None

    return ask


@contextmanager
def on_models() -> Iterator[None]:
    """Let the product's code run on the models, and say nothing, until the block ends."""
    quiet = Mock()
    with ExitStack() as stack:
        for module in (activities.journal, routing.watches, routing.reviving):
            stack.enter_context(patch.object(module, "log", quiet))
        for module, names in REPLACED.items():
            for name, stand_in in names.items():
                stack.enter_context(patch.object(module, name, stand_in))
        yield


REPLACED: dict[Any, dict[str, Any]] = {
    activities.journal: {"apply_step": _apply, "datetime": Now, "load_policy": load_policy},
    system_close: {"apply_step": _apply, "datetime": Now},
    departures: {
        "claim_at_once": _claim_at_once,
        "lock_departure": _lock,
        "claim": _claim,
        "release": _release,
        "leave_unconfirmed": _unconfirmed,
        "owned_provider_ids": _owned,
    },
    activities.sending: {
        "is_opted_out": _is_opted_out,
        "record_refusal": _refusal,
        "within": _asked,
        "datetime": Now,
    },
    routing.watches: {"lead": _lead, "datetime": Now, "time": Monotonic},
}
