"""Reads Twilio's voice webhooks.

https://www.twilio.com/docs/voice/twiml#request-parameters
"""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from domain.calls.course import Ending
from domain.calls.dialogue import Heard
from providers.contract import WebhookRefused, WebhookRequest
from providers.twilio.webhooks import fields_of
from providers.voice import LONGEST_ADDRESS, LONGEST_SPEECH, CallNews, Stage, WasTaken

CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
LONGEST_DIGITS = 32
"""Digits that are kept of what was pressed. Ours: the menu asks for one."""

ENDINGS: Mapping[str, Ending] = MappingProxyType(
    {
        "completed": Ending.completed,
        "busy": Ending.not_taken,
        "failed": Ending.not_taken,
        "no-answer": Ending.not_taken,
        "canceled": Ending.not_taken,
    }
)
"""Statuses of a call that is over. https://www.twilio.com/docs/voice/api/call-resource"""
TAKEN = frozenset({"completed", "answered"})
LEFT: Mapping[str, WasTaken] = MappingProxyType(
    {
        "bridged": WasTaken.taken,
        "redirected": WasTaken.taken,
        "bridging-in-process": WasTaken.taken,
        "leave": WasTaken.texted,
        "hangup": WasTaken.gone,
    }
)
"""https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action-parameters"""


def call_news(request: WebhookRequest, stage: Stage) -> CallNews:
    """Read a voice webhook. Raises `WebhookRefused` without a call's id."""
    fields = fields_of(request)
    sid = fields.get("CallSid", "")
    if not CALL_SID.fullmatch(sid):
        raise WebhookRefused("CallSid is missing or malformed.")
    return CallNews(
        provider_call_id=sid,
        stage=stage,
        caller=fields.get("From", "").strip()[:LONGEST_ADDRESS],
        called=fields.get("To", "").strip()[:LONGEST_ADDRESS],
        heard=_heard(fields),
        position=dict(request.query),
        ending=ENDINGS.get(fields.get("CallStatus", "").lower()),
        was_taken=_was_taken(fields, stage),
        is_outgoing=fields.get("Direction", "inbound").startswith("outbound"),
    )


def _heard(fields: Mapping[str, str]) -> Heard:
    return Heard(
        digits=fields.get("Digits", "").strip()[:LONGEST_DIGITS],
        speech=fields.get("SpeechResult", "").strip()[:LONGEST_SPEECH],
        confidence=_confidence(fields.get("Confidence", "")),
    )


def _confidence(written: str) -> float | None:
    try:
        confidence = float(written)
    except ValueError:
        return None
    return confidence if math.isfinite(confidence) and 0 <= confidence <= 1 else None


def _was_taken(fields: Mapping[str, str], stage: Stage) -> WasTaken | None:
    if stage is Stage.dialled:
        is_taken = fields.get("DialCallStatus", "").lower() in TAKEN
        return WasTaken.taken if is_taken else WasTaken.nobody
    if stage is Stage.left_queue:
        return LEFT.get(fields.get("QueueResult", "").lower(), WasTaken.nobody)
    return None
