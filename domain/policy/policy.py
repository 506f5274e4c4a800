"""The policy of a conversation: its account's settings, as the workflow carries them."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic, Timer
from domain.bots.policy import BotPolicy
from domain.courtesies.policy import CourtesyPolicy
from domain.hours.open_hours import OpenHours
from domain.settings.kinds import TransferTargets
from domain.survey.policy import SurveyPolicy


class AgentSilentPolicy(BaseModel):
    """Consequences of an agent's silence, each after a working time; None: no such consequence."""

    model_config = ConfigDict(frozen=True)

    nudge: timedelta | None = None
    """The agent is reminded."""
    reroute: timedelta | None = None
    """The conversation goes back to the queue."""


class Policy(BaseModel):
    """The account's settings for one conversation, resolved for its line, skill and language.

    The policy is read at the opening and at a transfer, so a changed setting reaches an open
    conversation only then. Its defaults are by design (docs/behaviour.md).
    """

    model_config = ConfigDict(frozen=True)

    brand: str
    skill_id: str
    skill_name: str
    priority: int = 0
    prefix: str = ""
    smart_encoding: bool = False
    """The provider replaces characters that GSM-7 lacks, so segments are counted without them."""
    texts: dict[Automatic, str] = {}
    """Texts of the automatic messages that are switched on."""
    language: str = "en"
    """Language of the texts, as far as they are set in it."""
    text_languages: dict[Automatic, str] = {}
    """Languages of the texts with a response time that are in another language."""
    timers: dict[Automatic, Timer] = {}
    """Timers of the timed messages that are switched on."""
    auto_close_after: timedelta = timedelta(days=90)
    agent_transfer_fallback: timedelta = timedelta(hours=2)
    survey: SurveyPolicy = SurveyPolicy()
    skill_reason: str | None = None
    """Why the opening chose this skill, as one sentence; None at a transfer."""
    ring_timeout: timedelta = timedelta(seconds=30)
    hours: OpenHours = OpenHours()
    response_time: timedelta | None = None
    """Working time within which a consumer is answered; None: no time is set."""
    first_response_time: timedelta | None = None
    """The same for a consumer's first conversation; None: as `response_time`."""
    agent_silent: AgentSilentPolicy = AgentSilentPolicy()
    courtesies: CourtesyPolicy = CourtesyPolicy()
    transfer_targets: TransferTargets = TransferTargets.all
    allowed_targets: tuple[str, ...] = ()
    """Ids of the skills it may be transferred to, if `transfer_targets` is `listed`."""
    bot: BotPolicy | None = None
    """The bot that serves the skill."""
    transfers_in_a_row: int | None = None
    """Transfers allowed without a message of a person in between; None: any number."""
