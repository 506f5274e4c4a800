"""Automatic messages in English."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "Welcome to {brand}! An agent will be with you shortly. "
    "Reply STOP to opt out, HELP for help.",
    Automatic.welcome: "Thanks for your message. An agent will be with you shortly.",
    Automatic.first_welcome_off_hours: "Welcome to {brand}! We are closed right now and will "
    "answer when we are open again. Reply STOP to opt out, HELP for help.",
    Automatic.welcome_off_hours: "Thanks for your message. We are closed right now and will "
    "answer when we are open again.",
    Automatic.off_hours: "We are closed now. We have your message and will answer when we are "
    "open again.",
    Automatic.agent_joined: "You are now talking to {agent}.",
    Automatic.transferred_to_skill: "We are passing you on to our {skill} team.",
    Automatic.transferred_to_agent: "We are passing you on to {agent}.",
    Automatic.returned_to_queue: "One moment, please: another colleague will be with you shortly.",
    Automatic.manager_joined: "{agent} has joined the conversation.",
    Automatic.manager_left: "{agent} has left the conversation.",
    Automatic.waiting_in_queue: "Thanks for your patience. Everyone is still busy; "
    "we will be with you as soon as we can.",
    Automatic.agent_silent: "Sorry, this takes a little longer. You will hear from us soon.",
    Automatic.consumer_silent: "Do you still need us? Just reply to this text whenever you like.",
    Automatic.response_time_changed: "We will get back to you within {response_time}.",
    Automatic.closed_by_agent: "This conversation is now closed. Text us any time.",
    Automatic.auto_close_warning: "This conversation will close soon unless we hear from you. "
    "Just reply to keep it open.",
    Automatic.auto_closed: "We have closed this conversation, as we did not hear from you. "
    "Text us any time.",
    Automatic.survey_resolved: "Did we solve your request? Please reply YES or NO.",
    Automatic.survey_recommend: "How likely are you to recommend {brand}, from 0 (not at all) "
    "to 10 (very likely)?",
    Automatic.survey_comment: "Would you like to tell us more? Just write it here.",
    Automatic.survey_thanks: "Thank you for your rating!",
    Automatic.survey_expired: "Our survey is closed now. Text us any time.",
    Automatic.survey_unrecognised: "Thank you. We could not read a rating, "
    "so someone from our team will read what you wrote.",
    Automatic.media_refused: "Sorry, we can only receive texts and pictures here. "
    "Please describe it in words.",
    Automatic.opted_out: "{brand}: you are opted out and will get no more texts. "
    "Reply START to opt in again.",
    Automatic.opted_in: "{brand}: you are opted in again. Reply HELP for help, STOP to opt out.",
    Automatic.help: "{brand}: text us your question and an agent will answer. "
    "Msg & data rates may apply. Reply STOP to opt out.",
}

QUESTIONS = {
    "one_to_five": Question(
        "How did we do? Please rate us from 1 (poor) to 5 (excellent).",
        "Sorry, I did not understand. Please reply with a number from 1 to 5.",
    ),
    "zero_to_ten": Question(
        "How did we do? Please rate us from 0 (poor) to 10 (excellent).",
        "Sorry, I did not understand. Please reply with a number from 0 to 10.",
    ),
    "thumbs": Question(
        "How did we do? Please reply with 👍 or 👎.",
        "Sorry, I did not understand. Please reply with 👍 or 👎.",
    ),
}

OWN_SCALE = Question(
    "How did we do? Please reply with one of these: {labels}.",
    "Sorry, I did not understand. Please reply with one of these: {labels}.",
)

UNITS = Units(
    join=" and ",
    days=("day", "days"),
    hours=("hour", "hours"),
    minutes=("minute", "minutes"),
    seconds=("second", "seconds"),
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
