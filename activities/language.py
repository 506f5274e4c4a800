"""The activity that recognises the language of a consumer's text and keeps it."""

from dataclasses import dataclass, field
from uuid import UUID

from temporalio import activity

from activities.contract import RECOGNISE, Recognised, TextToRecognise
from database.engine import Sessions
from database.queries.languages import KnownLanguage, keep_recognised, known_language
from domain.languages import stand_ins
from languages.recognition import Recogniser


async def recognised(recogniser: Recogniser, text: str, known: KnownLanguage) -> str | None:
    """Return the language set for a consumer, or else the one recognised in their text."""
    if known.is_set:
        return known.code
    return await recogniser.recognise(text, known.code)


@dataclass(frozen=True)
class Languages:
    """The local activity that recognises languages."""

    sessions: Sessions
    recogniser: Recogniser = field(default_factory=Recogniser)

    @activity.defn(name=RECOGNISE)
    async def recognise(self, text: TextToRecognise) -> Recognised:
        """Keep a consumer's language, and return it if the conversation is in another one."""
        consumer = UUID(text.consumer_id)
        known = await known_language(self.sessions.direct, text.account_id, consumer)
        language = await recognised(self.recogniser, text.text, known)
        if language and language != known.code:
            await keep_recognised(self.sessions.direct, consumer, language)
        # A conversation in `pt-BR` is also in `pt`.
        is_spoken = language and text.language and language in stand_ins(text.language)
        return Recognised(language=None if is_spoken else language)
