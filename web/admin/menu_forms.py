"""A menu as a form: the words of its fields, and the design somebody filled in."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from domain.calls.kinds import SENT, WhyNot, Wording
from domain.calls.menu import SPOKEN, Design, Dial, PassOn, Queue
from domain.calls.playing import Act
from domain.calls.texts.defaults import DEFAULTS
from domain.errors import Invalid, NumberInvalid
from domain.languages import name_of, nearest
from domain.numbers.phone_numbers import phone_of
from services.configuring.menus import design_of
from web.forms import FormFields
from web.words import Words, _, said

WORDINGS = Words(
    {
        Wording.offer: "When the call begins",
        Wording.other_language: "Offer of this language, to callers who hear another",
        Wording.not_understood: "A key or word that means nothing",
        Wording.offer_again: "Offer to those who wait in the queue",
        Wording.nobody_free: "When nobody took the call",
        Wording.waiting: "Before waiting",
        Wording.texted: "After the text was sent",
        Wording.landline: "The number cannot receive texts",
        Wording.hidden: "The number is hidden",
        Wording.stopped: "The caller has opted out of texts",
        Wording.refused: "The caller cannot be texted for another reason",
        Wording.goodbye: "At the end",
        Wording.text: "Text to a caller who asked for it",
        Wording.missed_text: "Text after a missed call",
    }
)
KEEP_WAITING = Words(
    {
        "queue": "Wait in a queue of the provider, and hear the offer again",
        "dial": "Be put through to a number or SIP address",
        "pass_on": "Go on with the instructions of another phone system",
    }
)
CALLERS = Words(
    {
        "": "A mobile phone",
        WhyNot.landline.value: "A landline",
        WhyNot.hidden.value: "A hidden number",
        WhyNot.opted_out.value: "Somebody who has opted out",
        WhyNot.blocked.value: "Somebody who is blocked",
    }
)
ACTS = Words(
    {
        Act.say_text_me: "Say “text me”",
        Act.silence: "Say nothing",
        Act.wait: "Wait",
        Act.nobody: "Nobody takes the call",
    }
)
LABELS = Words(
    {
        "numbers": "Phone numbers",
        "line": "Line that texts",
        "skill": "Replies go to",
        "languages": "First language",
        "look_back_seconds": "A reply belongs to the call for",
        "keep_waiting.name": "Queue: its name",
        "keep_waiting.offer_after_seconds": "Queue: offer again after, s",
        "keep_waiting.to": "Put through: number or SIP address",
        "keep_waiting.ring_seconds": "Put through: rings for, s",
        "keep_waiting.url": "Other system: address of its instructions",
    }
)
"""The labels of the fields, by the names that the API has for them."""


@dataclass(frozen=True)
class WordingField:
    """A text of a menu in one language. `usual`: the product's words, used while it is empty."""

    name: str
    label: str
    text: str
    usual: str
    is_sent: bool


def wording_fields(design: Design, language: str) -> Sequence[WordingField]:
    """Return the fields for the texts of one language."""
    own, usual = design.texts.get(language, {}), DEFAULTS[nearest(language)]
    return [
        WordingField(
            name=f"text-{language}-{wording.value}",
            label=label,
            text=own.get(wording, ""),
            usual=usual[wording],
            is_sent=wording in SENT,
        )
        for wording, label in WORDINGS.items()
    ]


def languages() -> list[tuple[str, str]]:
    """Return the languages that can be spoken, with their names."""
    return [(code, name_of(code)) for code in SPOKEN]


def waiting_fields(design: Design) -> dict[str, str | int]:
    """Return the values of the fields that say how callers wait, whichever way is chosen."""
    waiting, queue = design.keep_waiting, Queue()
    return {
        "kind": waiting.kind,
        "dial_to": waiting.to if isinstance(waiting, Dial) else "",
        "ring_seconds": waiting.ring_seconds if isinstance(waiting, Dial) else 20,
        "pass_on_url": waiting.url if isinstance(waiting, PassOn) else "",
        "queue_name": waiting.name if isinstance(waiting, Queue) else queue.name,
        "offer_after_seconds": waiting.offer_after_seconds
        if isinstance(waiting, Queue)
        else queue.offer_after_seconds,
    }


def read_design(form: FormFields) -> Design:
    """Return the design that a form holds. Raises `Invalid`."""
    spoken = [form.text("language"), *form.every("languages")]
    chosen = list(dict.fromkeys(one for one in spoken if one))
    values: dict[str, JsonValue] = {
        "line": form.text("line"),
        "skill": form.maybe("skill"),
        "languages": [*chosen],
        "texts": {one: texts for one in chosen if (texts := _texts(form, one))},
        "keep_waiting": _waiting(form),
        "texts_missed": form.is_checked("texts_missed"),
    }
    look_back = form.seconds("look_back_seconds", LABELS["look_back_seconds"])
    try:
        return design_of(values | ({"look_back_seconds": look_back} if look_back else {}))
    except Invalid as error:
        where, colon, told = error.detail.partition(": ")
        if not colon:
            raise
        label = LABELS.get(where, where)
        raise Invalid(_("{label}: {problem}", label=label, problem=said(told))) from error


def read_numbers(form: FormFields) -> list[str]:
    """Return the numbers that somebody wrote, with commas or lines between them. Raises `Invalid`,
    which names the wrong one.
    """
    parts = form.text("numbers").replace("\n", ",").replace(";", ",").split(",")
    numbers = [part.strip() for part in parts if part.strip()]
    for number in numbers:
        try:
            phone_of(number)
        except NumberInvalid as error:
            told = _(
                "{label}: “{number}” is no number with its country, such as +15550100001.",
                label=LABELS["numbers"],
                number=number[:40],
            )
            raise Invalid(told) from error
    return numbers


def _texts(form: FormFields, language: str) -> dict[str, JsonValue]:
    found = {one.value: form.text(f"text-{language}-{one.value}") for one in Wording}
    return {wording: text for wording, text in found.items() if text}


def _waiting(form: FormFields) -> dict[str, JsonValue]:
    match form.text("kind"):
        case "dial":
            ring = _whole(form, "ring_seconds", LABELS["keep_waiting.ring_seconds"])
            return {"kind": "dial", "to": form.text("dial_to").replace(" ", ""), **ring}
        case "pass_on":
            return {"kind": "pass_on", "url": form.text("pass_on_url")}
        case _:
            after = _whole(form, "offer_after_seconds", LABELS["keep_waiting.offer_after_seconds"])
            return {"kind": "queue", "name": form.text("queue_name") or "support", **after}


def _whole(form: FormFields, name: str, label: str) -> dict[str, JsonValue]:
    """Return a field's number by its name, nothing if it is blank. Raises `Invalid`."""
    text = form.text(name)
    if not text:
        return {}
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Invalid(_("{label}: must be a whole number of seconds.", label=label))
    return {name: int(text)}
