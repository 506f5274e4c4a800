"""Twilio's calls: follows the brand's TwiML, and posts what the caller does.

https://www.twilio.com/docs/voice/twiml
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode, urljoin
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from providers.twilio.simulator.forms import API_VERSION, new_sid
from simulator.calls import Call, CallState, Dialled, Queued
from simulator.carrier import Carrier
from simulator.lines import Line

MOST_STEPS = 20
"""Addresses followed without the caller doing anything. Ours: a circle must end."""
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
"""What Twilio says where the brand's answer is none."""

Headers = Callable[[str, bytes, str], Mapping[str, str]]


@dataclass(frozen=True)
class TwilioCalls:
    """The calls of one simulated account. `headers`: signs a webhook."""

    account_sid: str
    headers: Headers

    def new_call(self, caller: str, line: Line) -> Call:
        sid = new_sid("CA")
        return Call(sid, line.provider, caller, line.number, line.auth_token, line.account)

    async def answer(self, carrier: Carrier, call: Call) -> None:
        """Answer a call with the instructions of its number; without any it is rejected."""
        url = carrier.phone_settings(call.number).voice_url
        line = carrier.lines.get(call.number)
        goes_past = line is not None and bool(line.call_app or line.trunk)
        if not url or goes_past:
            await self._end(carrier, call, "busy")
            return
        await self._go_to(carrier, call, url)

    async def hear(
        self, carrier: Carrier, call: Call, digits: str, speech: str, confidence: float
    ) -> None:
        """Post what the caller did, and follow the answer."""
        call.steps = 0
        extra = {"Digits": digits} if digits else {}
        if speech and not digits:
            extra = {"SpeechResult": speech, "Confidence": str(confidence)}
        was_listening = call.state is CallState.listening
        await self._go_to(carrier, call, call.goes_on_at, extra if was_listening else {})

    async def take(self, carrier: Carrier, call: Call, *, is_taken: bool) -> None:
        """Tell the brand whether somebody took the call."""
        call.steps = 0
        if call.dialled:
            action, call.dialled = call.dialled.action, None
            status = "completed" if is_taken else "no-answer"
            await self._go_to(carrier, call, action, {"DialCallStatus": status})
        elif call.queued and is_taken:
            await self._leave(carrier, call, "bridged")

    async def hang_up(self, carrier: Carrier, call: Call) -> None:
        """End a call by the caller. One that was not answered has the status no-answer."""
        if call.queued:
            left = {"QueueResult": "hangup"}
            await self._post(carrier, call, call.queued.action, left)
        await self._end(carrier, call, "no-answer" if call.status == "ringing" else "completed")

    async def _go_to(
        self, carrier: Carrier, call: Call, url: str, extra: Mapping[str, str] | None = None
    ) -> None:
        call.state = CallState.under_way
        call.steps += 1
        answer = await self._post(carrier, call, url, extra or {})
        call.status = "in-progress"
        if answer is None or call.steps > MOST_STEPS:
            call.heard.append(APPLICATION_ERROR)
            await self._end(carrier, call, "completed")
            return
        await self._follow(carrier, call, list(answer), url)

    async def _follow(self, carrier: Carrier, call: Call, verbs: list[Element], url: str) -> None:
        """Follow instructions until one of them waits for somebody, or leads elsewhere."""
        for verb in verbs:
            if verb.tag == "Say":
                call.heard.append(verb.text or "")
            elif going := self._going(carrier, call, verb, url):
                await going()
                return
        if call.queued:  # the instructions of a queue begin again
            await self._go_to(carrier, call, call.queued.wait_url)
        else:
            await self._end(carrier, call, "completed")

    def _going(
        self, carrier: Carrier, call: Call, verb: Element, url: str
    ) -> Callable[[], Awaitable[None]] | None:
        """Return what a verb does that ends the list of verbs; None for one that does not."""
        action = urljoin(url, verb.get("action") or url)
        match verb.tag:
            case "Gather":
                return partial(_listen, call, verb, action)
            case "Redirect":
                return partial(self._redirect, carrier, call, urljoin(url, verb.text or url))
            case "Dial":
                return partial(_dial, call, verb, action)
            case "Enqueue":
                return partial(self._enqueue, carrier, call, verb, url)
            case "Leave" if call.queued:
                return partial(self._leave, carrier, call, "leave")
            case "Hangup" | "Reject":
                return partial(self._end, carrier, call, "completed")
            case _:
                return None

    async def _redirect(self, carrier: Carrier, call: Call, url: str) -> None:
        """Go on elsewhere; somebody in a queue waits first."""
        if call.queued:
            call.goes_on_at, call.state = url, CallState.holding
        else:
            await self._go_to(carrier, call, url)

    async def _enqueue(self, carrier: Carrier, call: Call, verb: Element, url: str) -> None:
        wait_url = urljoin(url, verb.get("waitUrl") or url)
        action = urljoin(url, verb.get("action") or url)
        call.queued = Queued(verb.text or "", wait_url, action)
        await self._go_to(carrier, call, wait_url)

    async def _leave(self, carrier: Carrier, call: Call, result: str) -> None:
        queued, call.queued = call.queued, None
        if queued:
            await self._go_to(carrier, call, queued.action, {"QueueResult": result})

    async def _end(self, carrier: Carrier, call: Call, status: str) -> None:
        call.state, call.status, call.dialled, call.queued = CallState.over, status, None, None
        if callback := carrier.phone_settings(call.number).status_callback:
            news = {"CallbackSource": "call-progress-events", "SequenceNumber": "0"}
            await self._post(carrier, call, callback, news)

    async def _post(
        self, carrier: Carrier, call: Call, url: str, extra: Mapping[str, str]
    ) -> Element | None:
        """Post a webhook; returns the brand's instructions, None if it gave none."""
        body = urlencode(self._form(call) | dict(extra)).encode()

        def sign(address: str) -> Mapping[str, str]:
            return self.headers(address, body, call.token)

        answer = await carrier.webhooks.post(url, body, sign)
        if not answer.is_success or not answer.media_type.endswith("/xml"):
            return None
        try:
            instructions: Element = fromstring(answer.body)
        except ParseError:
            return None
        return instructions

    def _form(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "AccountSid": call.account or self.account_sid,
            "From": call.caller,
            "Caller": call.caller,
            "To": call.number,
            "Called": call.number,
            "CallStatus": call.status,
            "Direction": "inbound",
            "ApiVersion": API_VERSION,
        }


async def _listen(call: Call, gather: Element, action: str) -> None:
    call.heard += [said.text or "" for said in gather.iter("Say")]
    call.goes_on_at, call.state = action, CallState.listening


async def _dial(call: Call, dial: Element, action: str) -> None:
    to = next((one.text or "" for one in dial), dial.text or "")
    call.dialled, call.state = Dialled(to, action), CallState.dialling
