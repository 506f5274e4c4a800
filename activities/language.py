"""The activity that notices in which language a consumer writes, and keeps it."""

from dataclasses import dataclass, field
from uuid import UUID

from temporalio import activity

from activities.contract import RECOGNISE, Recognised, TextToRecognise
from database.engine import Sessions
from database.queries.languages import KnownLanguage, keep_recognised, known_language
from domain.languages import stand_ins
from languages.recognition import Recogniser


async def recognised(recogniser: Recogniser, text: str, known: KnownLanguage) -> str | None:
    """Return what a consumer writes, by what was set for them or else by a text of theirs."""
    if known.is_set:
        return known.code
    return await recogniser.recognise(text, known.code)


@dataclass(frozen=True)
class Languages:
    """The local activity that reads languages off texts."""

    sessions: Sessions
    recogniser: Recogniser = field(default_factory=Recogniser)

    @activity.defn(name=RECOGNISE)
    async def recognise(self, text: TextToRecognise) -> Recognised:
        """Keep what a consumer writes; tell it where the conversation is in another language."""
        consumer = UUID(text.consumer_id)
        known = await known_language(self.sessions.direct, text.account_id, consumer)
        language = await recognised(self.recogniser, text.text, known)
        if language and language != known.code:
            await keep_recognised(self.sessions.direct, consumer, language)
        # A `pt-BR` is a `pt`.
        is_spoken = language and text.language and language in stand_ins(text.language)
        return Recognised(language=None if is_spoken else language)
