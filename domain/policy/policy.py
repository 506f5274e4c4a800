"""What an account wants of a conversation: its settings, as the workflow carries them."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic, Timer
from domain.hours.open_hours import OpenHours
from domain.settings.kinds import TransferTargets
from domain.survey.policy import SurveyPolicy


class AgentSilentPolicy(BaseModel):
    """What happens when an agent stays silent for so long, in working hours; None: nothing."""

    model_config = ConfigDict(frozen=True)

    nudge: timedelta | None = None
    """The agent is reminded."""
    reroute: timedelta | None = None
    """Somebody else gets it."""


class Policy(BaseModel):
    """What the account wants of this conversation, resolved for its line, skill and language.

    Read at the opening and at a transfer, so that a change of settings meets an open conversation
    at these moments only.
    """

    model_config = ConfigDict(frozen=True)

    brand: str
    skill_id: str
    skill_name: str
    priority: int = 0
    prefix: str = ""
    texts: dict[Automatic, str] = {}
    """The automatic messages that are switched on."""
    language: str = "en"
    """Of the texts, as far as they are set in it."""
    text_languages: dict[Automatic, str] = {}
    """Of texts with a response time that are in another language."""
    timers: dict[Automatic, Timer] = {}
    """Of the automatic messages that time sends and that are switched on."""
    auto_close_after: timedelta = timedelta(days=90)
    agent_transfer_fallback: timedelta = timedelta(hours=2)
    survey: SurveyPolicy = SurveyPolicy()
    skill_reason: str | None = None
    """Why this skill, as one sentence, where it was chosen at an opening."""
    ring_timeout: timedelta = timedelta(seconds=30)
    hours: OpenHours = OpenHours()
    response_time: timedelta | None = None
    """Working time in which a consumer is to be answered; None: none is promised."""
    first_response_time: timedelta | None = None
    """The same in a consumer's first conversation; None: as `response_time`."""
    agent_silent: AgentSilentPolicy = AgentSilentPolicy()
    transfer_targets: TransferTargets = TransferTargets.all
    allowed_targets: tuple[str, ...] = ()
    """Ids of the skills it may be transferred to, where `transfer_targets` is a list."""
    transfers_in_a_row: int | None = None
    """So many transfers without a message of a person in between; None: any number."""
