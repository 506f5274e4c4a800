"""Settings that are read again while a conversation is open: working hours and language.

The opening and each transfer read them too. At no other moment does a changed setting reach an open
conversation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.conversation import response_clock
from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind, PendingSide
from domain.conversation.permissions import check_handles
from domain.conversation.step_context import StepContext
from domain.hours.open_hours import OpenHours
from domain.language_settings import LanguageSource
from domain.policy.policy import Policy

HOURS_AHEAD = timedelta(days=1)
"""Working hours are read again when they are known for no longer than this. Ours: 59 of the 60
days in `domain.hours.calendars.KNOWN_AHEAD` are used, and a day is left for retries.
"""


@dataclass(frozen=True)
class LanguageChange:
    """A new language, who decided on it, and the skill's settings in that language."""

    language: str
    source: LanguageSource
    policy: Policy


class SettingsRefresh:
    """Brings fresh settings into a conversation."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    @property
    def hours_stale_at(self) -> datetime | None:
        """Return when working hours must be read again."""
        known_until = self._conversation.policy.hours.known_until
        return known_until - HOURS_AHEAD if known_until and self._is_open else None

    def needs_hours(self, now: datetime) -> bool:
        """Say whether working hours must be read again and given to `hours_refreshed`."""
        stale_at = self.hours_stale_at
        return stale_at is not None and stale_at <= now

    def hours_refreshed(self, hours: OpenHours, now: datetime) -> None:
        """Continue with fresh working hours; if they reach no further, the skill counts as open."""
        conversation, state = self._conversation, self._conversation.state
        hours = conversation.policy.hours.followed_by(hours, now, self._counts_since or now)
        conversation.policy = conversation.policy.model_copy(update={"hours": hours})
        if self.needs_hours(now):
            conversation.policy = conversation.policy.model_copy(update={"hours": OpenHours()})
        is_owed = state.pending_side is PendingSide.agent or state.response_is_manual
        if is_owed and self._is_open:
            response_clock.start(state, conversation.policy, now)

    def check_language(self, person: Person) -> None:
        """Raise the error that would refuse setting the language, and change nothing."""
        check_handles(self._conversation.state, person)

    def language_set(self, person: Person, change: LanguageChange, key: str, now: datetime) -> None:
        """Continue in the language that an agent or the API chose."""
        self.check_language(person)
        self._switch_language(change, now, agent_id=person.agent_id, key=key)

    def language_recognised(self, change: LanguageChange, now: datetime) -> None:
        """Continue in the language that was recognised in the consumer's text."""
        if self._is_open and change.language != self._conversation.state.language:
            self._switch_language(change, now)

    def _switch_language(
        self,
        change: LanguageChange,
        now: datetime,
        *,
        agent_id: str | None = None,
        key: str | None = None,
    ) -> None:
        self._conversation.state.language = change.language
        self._conversation.policy = change.policy
        self._conversation.happened(
            EventKind.language_set,
            now,
            agent_id=agent_id,
            command_key=key,
            language=change.language,
            source=change.source.value,
        )

    @property
    def _counts_since(self) -> datetime | None:
        """Return when the earliest clock that runs in working hours began."""
        state = self._conversation.state
        moments = (state.response_by_hand_at, state.waiting_since, state.queued_at)
        return min((at for at in moments if at is not None), default=None)

    @property
    def _is_open(self) -> bool:
        return self._conversation.state.status.is_open
