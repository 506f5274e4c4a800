"""Settings that are read anew while a conversation is open: working hours, and its language.

Opening and transfer read them too; at no other moment does a change of settings meet an open
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
"""Working hours are read anew when no more than this is known of them."""


@dataclass(frozen=True)
class LanguageChange:
    """A consumer's language, who says so, and the settings of the conversation's skill in it."""

    language: str
    source: LanguageSource
    policy: Policy


class SettingsRefresh:
    """How fresh settings come into a conversation."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    @property
    def hours_stale_at(self) -> datetime | None:
        """Return when working hours are to be read again."""
        known_until = self._conversation.policy.hours.known_until
        return known_until - HOURS_AHEAD if known_until and self._is_open else None

    def needs_hours(self, now: datetime) -> bool:
        """Say whether working hours are to be read anew, for `hours_refreshed`."""
        stale_at = self.hours_stale_at
        return stale_at is not None and stale_at <= now

    def hours_refreshed(self, hours: OpenHours, now: datetime) -> None:
        """Go on with fresh working hours. Without any that reach further it is always open."""
        conversation, state = self._conversation, self._conversation.state
        hours = conversation.policy.hours.followed_by(hours, now, self._counts_since or now)
        conversation.policy = conversation.policy.model_copy(update={"hours": hours})
        if self.needs_hours(now):
            conversation.policy = conversation.policy.model_copy(update={"hours": OpenHours()})
        is_owed = state.pending_side is PendingSide.agent or state.response_is_manual
        if is_owed and self._is_open:
            response_clock.start(state, conversation.policy, now)

    def check_language(self, person: Person) -> None:
        """Raise the error that setting the language would meet, changing nothing."""
        check_handles(self._conversation.state, person)

    def language_set(self, person: Person, spoken: LanguageChange, key: str, now: datetime) -> None:
        """Go on in the language somebody chose."""
        self.check_language(person)
        self._speak(spoken, now, agent_id=person.agent_id, key=key)

    def language_recognised(self, spoken: LanguageChange, now: datetime) -> None:
        """Go on in the language the consumer turned out to write."""
        if self._is_open and spoken.language != self._conversation.state.language:
            self._speak(spoken, now)

    def _speak(
        self,
        spoken: LanguageChange,
        now: datetime,
        *,
        agent_id: str | None = None,
        key: str | None = None,
    ) -> None:
        self._conversation.state.language = spoken.language
        self._conversation.policy = spoken.policy
        self._conversation.happened(
            EventKind.language_set,
            now,
            agent_id=agent_id,
            command_key=key,
            language=spoken.language,
            source=spoken.source.value,
        )

    @property
    def _counts_since(self) -> datetime | None:
        """Return when the first of the clocks that run in working hours began."""
        state = self._conversation.state
        moments = (state.response_by_hand_at, state.waiting_since, state.queued_at)
        return min((at for at in moments if at is not None), default=None)

    @property
    def _is_open(self) -> bool:
        return self._conversation.state.status.is_open
