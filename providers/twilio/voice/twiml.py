"""Writes TwiML, Twilio's instructions for a call, as XML that no text of an account can break.

We never write `<Sms>` or `<Message>`: such a text would pass by consent and the ledger.
https://www.twilio.com/docs/voice/twiml
"""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from domain.calls.dialogue import KEYS, Next, Said, Step, Turn
from domain.calls.menu import SPOKEN, Dial, PassOn, Queue
from domain.calls.phrases import hints
from providers.contract import WebhookAnswer
from providers.voice import Script, Stage

TIMEOUT_SECONDS = "5"
"""Until a caller counts as silent: Twilio's own default."""
HOLD_SECONDS = 60
"""Between two looks at a caller who gets no offers. Ours."""
# Twilio asks again for a while where we could not be reached or failed; a call has 15 s.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
AGAIN = "#rc=2&rp=ct,rt,5xx"


def play(script: Script) -> WebhookAnswer:
    """Return the TwiML of a script."""
    response = Element("Response")
    turn = script.turn
    match turn.then:
        case Next.listen:
            _listen(response, script)
        case Next.keep_waiting:
            _say(response, turn)
            _keep_waiting(response, script)
        case Next.hold:
            _say(response, turn)
            _hold(response, script)
        case Next.leave:
            _say(response, turn)
            SubElement(response, "Leave")
        case Next.hang_up:
            _say(response, turn)
            SubElement(response, "Hangup")
    return answer(response)


def nothing() -> WebhookAnswer:
    """Return TwiML that ends a call; a report on a call is not played."""
    response = Element("Response")
    SubElement(response, "Hangup")
    return answer(response)


def answer(response: Element) -> WebhookAnswer:
    written = tostring(response, encoding="unicode")
    return WebhookAnswer(f'<?xml version="1.0" encoding="UTF-8"?>{written}', "text/xml")


def _listen(response: Element, script: Script) -> None:
    turn = script.turn
    if turn.at.step is Step.waiting:
        _pause(response, _offer_after(script))
    gather = SubElement(
        response,
        "Gather",
        {
            "input": "dtmf speech",
            "numDigits": str(max(map(len, KEYS))),
            "timeout": TIMEOUT_SECONDS,
            "speechTimeout": "auto",
            "actionOnEmptyResult": "true",
            "hints": hints(turn.at.language),
            "language": SPOKEN[turn.at.language],
            "method": "POST",
            "action": _address(script, Stage.choice),
        },
    )
    _say(gather, turn)


def _say(parent: Element, turn: Turn) -> None:
    for said in turn.says:
        _words(parent, said)


def _words(parent: Element, said: Said) -> None:
    words = SubElement(parent, "Say", {"language": SPOKEN[said.language]})
    words.text = said.words


def _keep_waiting(response: Element, script: Script) -> None:
    match script.keep_waiting:
        case Dial(to=to, ring_seconds=seconds):
            dial = SubElement(
                response,
                "Dial",
                {
                    "timeout": str(seconds),
                    "method": "POST",
                    "action": _address(script, Stage.dialled),
                },
            )
            SubElement(dial, "Sip" if to.startswith("sip") else "Number").text = to
        case PassOn(url=url):
            SubElement(response, "Redirect", {"method": "POST"}).text = url
        case Queue(name=name):
            SubElement(
                response,
                "Enqueue",
                {
                    "waitUrlMethod": "POST",
                    "waitUrl": _address(script, Stage.wait),
                    "method": "POST",
                    "action": _address(script, Stage.left_queue),
                },
            ).text = name


def _hold(response: Element, script: Script) -> None:
    """Go on waiting in the queue. Whoever can be texted waits before the offer, not here too."""
    if not script.turn.says:
        _pause(response, HOLD_SECONDS)
    SubElement(response, "Redirect", {"method": "POST"}).text = _address(script, Stage.wait)


def _pause(response: Element, seconds: int) -> None:
    SubElement(response, "Pause", {"length": str(seconds)})


def _offer_after(script: Script) -> int:
    waiting = script.keep_waiting
    return waiting.offer_after_seconds if isinstance(waiting, Queue) else HOLD_SECONDS


def _address(script: Script, stage: Stage) -> str:
    return f"{script.base}/{stage.value}?{urlencode(script.position)}{AGAIN}"
