"""What a menu says and texts in English."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Thank you for calling {brand}. All our agents are busy. To continue by text "
        "message, press 1, or say: text me. To keep waiting, press 2. To hear this again, "
        "press 0."
    ),
    Wording.other_language: "For English, press {key}.",
    Wording.not_understood: "Sorry, I did not understand.",
    Wording.offer_again: (
        "Thank you for waiting. To continue by text message, press 1, or say: text me. To "
        "keep waiting, press 2."
    ),
    Wording.nobody_free: (
        "Nobody could take your call. To continue by text message, press 1, or say: text me."
    ),
    Wording.waiting: "Please stay on the line.",
    Wording.texted: "We have texted you. Reply whenever it suits you. Goodbye.",
    Wording.landline: (
        "You are calling from a number that cannot receive text messages. To text with us, "
        "call from a mobile phone."
    ),
    Wording.hidden: (
        "You are calling without a number, so we cannot text you. To text with us, show "
        "your number when you call."
    ),
    Wording.stopped: (
        "You have opted out of our text messages, so we cannot text you. To get them again, text "
        "the word START to {number}."
    ),
    Wording.refused: "We cannot text you.",
    Wording.goodbye: "Goodbye.",
    Wording.text: (
        "{brand}: Thank you for calling. How can we help? Reply here. Message and data "
        "rates may apply. Reply STOP to opt out."
    ),
    Wording.missed_text: (
        "{brand}: Sorry we missed your call. How can we help? Reply here. Message and data "
        "rates may apply. Reply STOP to opt out."
    ),
}
