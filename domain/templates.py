"""Automatic messages: their default texts, and the filling of placeholders."""

import re

from domain.errors import Invalid
from domain.words import Automatic

PLACEHOLDERS = frozenset({"agent", "skill", "brand", "response_time"})
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

DEFAULTS: dict[Automatic, str] = {
    Automatic.first_welcome: "Welcome to {brand}! An agent will be with you shortly. "
    "Reply STOP to opt out, HELP for help.",
    Automatic.welcome: "Thanks for your message. An agent will be with you shortly.",
    Automatic.agent_joined: "You are now talking to {agent}.",
    Automatic.transferred_to_skill: "We are passing you on to our {skill} team.",
    Automatic.transferred_to_agent: "We are passing you on to {agent}.",
    Automatic.returned_to_queue: "One moment, please: another colleague will be with you shortly.",
    Automatic.manager_joined: "{agent} has joined the conversation.",
    Automatic.manager_left: "{agent} has left the conversation.",
    Automatic.agent_silent: "Sorry, this takes a little longer. You will hear from us soon.",
    Automatic.response_time_changed: "We will get back to you within {response_time}.",
    Automatic.closed_by_agent: "This conversation is now closed. Text us any time.",
    Automatic.survey_question: "How did we do? Please rate us from 1 (poor) to 5 (excellent).",
    Automatic.survey_retry: "Sorry, I did not understand. Please reply with a number from 1 to 5.",
    Automatic.survey_thanks: "Thank you for your rating!",
    Automatic.opted_out: "{brand}: you are opted out and will get no more texts. "
    "Reply START to opt in again.",
    Automatic.opted_in: "{brand}: you are opted in again. Reply HELP for help, STOP to opt out.",
    Automatic.help: "{brand}: text us your question and an agent will answer. "
    "Msg & data rates may apply. Reply STOP to opt out.",
}
"""What is sent where an account has set nothing. Events without an entry are off by default."""


def check_template(text: str) -> None:
    """Raise `Invalid` when a text to be saved has a placeholder nobody can fill."""
    unknown = sorted(set(PLACEHOLDER.findall(text)) - PLACEHOLDERS)
    if unknown:
        named = ", ".join("{" + name + "}" for name in unknown)
        known = ", ".join("{" + name + "}" for name in sorted(PLACEHOLDERS))
        raise Invalid(f"Unknown placeholder {named}. Known are {known}.")


def promises_time(text: str) -> bool:
    """Say whether a template names the time in which the consumer is answered."""
    return "{response_time}" in text


def fill(text: str, values: dict[str, str]) -> str:
    """Return a template with its placeholders filled; what is not known stays empty."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
