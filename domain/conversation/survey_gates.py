"""Decides whether a consumer is asked to rate, and why not."""

import hashlib
from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import CloseReason
from domain.conversation.state import ConversationState
from domain.policy.policy import Policy
from domain.survey.kinds import SurveyGate
from domain.survey.policy import SurveyPolicy

RATED = (CloseReason.agent, CloseReason.manager)
"""Close reasons that a survey follows; after an auto-close only if the skill is set so."""


def gate(
    state: ConversationState, policy: Policy, reason: CloseReason, now: datetime
) -> SurveyGate | None:
    """Return why the consumer is not asked to rate at this closing; None: they are asked."""
    survey = policy.survey
    closed_gates = {
        SurveyGate.disabled: not survey.enabled,
        SurveyGate.no_question: Automatic.survey_question not in policy.texts,
        SurveyGate.silent_close: not _is_rated(reason, survey),
        SurveyGate.opted_out: state.is_opted_out,
        SurveyGate.program: state.is_program,
        SurveyGate.answers_by_itself: state.answers_by_itself,
        SurveyGate.no_skill: not state.skill_id,
        SurveyGate.never_assigned: not state.was_assigned,
        SurveyGate.nothing_written: state.consumer_texts == 0,
        SurveyGate.few_texts: state.consumer_texts < survey.minimum_texts,
        SurveyGate.asked_recently: _was_asked_recently(state, survey, now),
        SurveyGate.not_sampled: not is_sampled(state.id, survey.sample_percent),
    }
    return next((gate for gate, is_closed in closed_gates.items() if is_closed), None)


def is_sampled(conversation_id: str, percent: int) -> bool:
    """Say whether a conversation falls into a sample of `percent`; always the same for one id."""
    digest = hashlib.sha256(conversation_id.encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < percent


def _is_rated(reason: CloseReason, survey: SurveyPolicy) -> bool:
    return reason in RATED or (reason is CloseReason.auto_close and survey.after_auto_close)


def _was_asked_recently(state: ConversationState, survey: SurveyPolicy, now: datetime) -> bool:
    asked = state.last_asked_at
    return bool(survey.once_per and asked and now < asked + survey.once_per)
