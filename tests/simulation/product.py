"""The product's own activities and sweeps, wired to the models.

What speaks SQLAlchemy is replaced by name; everything else runs as it is.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from unittest.mock import Mock, patch

import activities.choice
import activities.journal
import activities.reading
import outgoing.connectors
import outgoing.holds
import outgoing.lookups
import outgoing.sender
import routing.opt_outs
import routing.reviving
import routing.unmatched
import routing.watches
from activities.choice import Choices
from activities.contract import (
    AnswerRequest,
    BotAsked,
    BotTurn,
    ChoiceRequest,
    OpeningRequest,
    PolicyRequest,
    QuietHoursRead,
    QuietHoursRequest,
    SendRequest,
    Step,
    TextToRecognise,
    ThreadInHand,
)
from activities.journal import Journal
from activities.language import Languages
from activities.reading import Answers, read_as_answer
from activities.sending import Sending
from database.queries import bots, late_notes, system_close
from database.queries.policy import UnknownSkill
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.texts.defaults import default_texts
from domain.bots.answers import AnsweredAction, BotAnswer, wrong
from domain.bots.kinds import BotAction
from domain.bots.policy import BotPolicy
from domain.conversation.survey_inputs import AnswerReading
from domain.courtesies.policy import CourtesyPolicy
from domain.policy.policy import AgentSilentPolicy, Policy
from domain.survey.kinds import FollowUp
from domain.survey.policy import SurveyPolicy
from domain.survey.scales import Scale
from outgoing.connectors import Connectors
from outgoing.holds import Holds
from outgoing.lookups import Lookups
from outgoing.sender import Sender
from outgoing.submission import Submission
from outgoing.time_outs import TimeOuts
from tests.fixtures.links import LINKS
from tests.simulation import departures
from tests.simulation.apart import Apart
from tests.simulation.carrier import CARRIER, Carrier
from tests.simulation.clock import Now
from tests.simulation.database import Database
from tracing.trace import Trace

INPUTS: dict[str, type[Any]] = {
    "journal": Step,
    "look": ThreadInHand,
    "load_opening": OpeningRequest,
    "load_policy": PolicyRequest,
    "read_answer": AnswerRequest,
    "choose": ChoiceRequest,
    "recognise": TextToRecognise,
    "quiet_hours": QuietHoursRequest,
    "ask_bot": BotTurn,
    "send": SendRequest,
}
BONJOUR = "bonjour"
"""What makes a text French."""


class Monotonic:
    @staticmethod
    def monotonic() -> float:
        return Now.clock().timestamp()


class Ear:
    """Recognises French."""

    async def recognise(self, text: str, known: str | None) -> str | None:
        return "fr" if text.startswith(BONJOUR) else known or "en"


ROBO = BotPolicy(
    id="robo",
    name="Robo",
    fallback_skill_id="sales",
    deadline=timedelta(seconds=30),
    disclosure="I am a program.",
    turns=6,
)
SERVED = {"robots"}
"""Skills that a bot serves; a schedule may add `support`, where conversations open."""


def policy(skill_id: str, language: str | None) -> Policy:
    """Return settings in which much happens within hours. Raises `UnknownSkill`."""
    if skill_id not in ("support", "sales", "robots"):
        raise UnknownSkill
    found = POLICIES[skill_id, language or "en"]
    return found.model_copy(update={"bot": ROBO}) if skill_id in SERVED else found


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
        courtesies=CourtesyPolicy(
            shown_within=timedelta(hours=2), answers_within=timedelta(minutes=10)
        ),
        agent_silent=AgentSilentPolicy(reroute=timedelta(hours=3)),
    )


POLICIES = {
    (skill, language): _policy(skill, language)
    for skill in ("support", "sales", "robots")
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


class NoQuietHours:
    async def quiet_hours(self, request: QuietHoursRequest) -> QuietHoursRead:
        return QuietHoursRead()


class Robo:
    """A bot whose answers depend on the turn alone: the same turn is answered the same."""

    async def ask_bot(self, asked: BotTurn) -> BotAsked:
        turn = asked.question.turn
        drawn = sum(f"{asked.question.conversation_id} {turn}".encode()) % 8
        actions = (BotAction.stay, BotAction.stay, BotAction.stay, *BotAction)
        if drawn >= len(actions):
            return BotAsked(failure=wrong("Nonsense.")) if turn % 2 else BotAsked()
        kind = actions[drawn]
        action = AnsweredAction(kind=kind, skill="sales" if kind is BotAction.transfer else None)
        answer = BotAnswer(turn=turn, texts=(f"Robo {turn}",), action=action, notes="noted")
        return BotAsked(answer=answer)


class Activities:
    """The real activities over the models, begun by name."""

    def __init__(self, database: Database, carrier: Carrier, router: Any, hears: Any) -> None:
        sessions = database.sessions
        self._journal = Journal(sessions, cast(Any, Ear()), cast(Any, Policies()))
        self._choices = Choices(sessions, router)
        self._languages = Languages(sessions, cast(Any, Ear()))
        time_outs = TimeOuts()
        connectors = Connectors({CARRIER: cast(Any, carrier)}, cast(Any, Mock()))
        submission = Submission(sessions, "https://ours", time_outs, LINKS, Trace(sessions))
        self._sending = Sending(
            Sender(sessions, connectors, submission, Holds(sessions), time_outs)
        )
        self._answers = Answers(sessions, _read)
        self.lookups = Lookups(sessions, connectors, submission, hears, time_outs)

    def begin(self, name: str, argument: Any) -> Any:
        """Return an activity under way, with its argument already read."""
        others = {
            "send": self._sending,
            "read_answer": self._answers,
            "choose": self._choices,
            "recognise": self._languages,
            "quiet_hours": NoQuietHours(),
            "ask_bot": Robo(),
        }
        owner: Any = others.get(name, self._journal)
        return Apart(getattr(owner, name)(argument))


async def _read(text: str, scale: Scale) -> AnswerReading:
    return read_as_answer(text, scale)


# What stands for the statements that use sessions


async def _apply(sessions: Database, decided: Any, *, tells_router: bool = True) -> Any:
    return await sessions.apply_step(decided)


async def _not_counted(session: object, outcome: object) -> None:
    return


async def _time(fetch_one: object) -> datetime:
    return Now.clock()


async def _lead(session: object, key: str) -> bool:
    return True


@contextmanager
def on_models() -> Iterator[None]:
    """Let the product's code run on the models, and say nothing, until the block ends."""
    quiet = Mock()
    with ExitStack() as stack:
        workflows = logging.getLogger("temporalio.workflow")
        stack.enter_context(patch.object(workflows, "disabled", True))
        for module in TALKATIVE:
            stack.enter_context(patch.object(module, "log", quiet))
        for module, names in REPLACED.items():
            for name, stand_in in names.items():
                stack.enter_context(patch.object(module, name, stand_in))
        yield


TALKATIVE = (
    *(activities.choice, activities.journal, activities.reading, outgoing.sender),
    *(routing.watches, routing.reviving, routing.opt_outs),
    *(outgoing.connectors, outgoing.holds, outgoing.lookups),
)
REPLACED: dict[Any, dict[str, Any]] = {
    activities.journal: {"apply_step": _apply, "datetime": Now, "load_policy": load_policy},
    bots: {"count": _not_counted},
    system_close: {"apply_step": _apply},
    late_notes: {"apply_step": _apply},
    **departures.REPLACED,
    routing.watches: {"conversations_left_alone": departures.left_alone, "time": Monotonic},
    routing.unmatched: {"database_time": _time},
}
