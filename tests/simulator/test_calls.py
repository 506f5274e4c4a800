"""Phone calls of the simulator: the official client sets a number up, a phone calls it."""

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from fastapi import FastAPI, Request, Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.simulator.brand import ACCOUNT, TOKEN, Brand
from tests.simulator.carrier_client import LINE, PHONE, CarrierClient
from tests.simulator.serving import Stage

Asked = list[tuple[str, dict[str, str]]]


def answers() -> Iterator[tuple[str, str]]:
    """Yield what a brand answers by path, as Twilio's own library writes it."""
    menu, gather = VoiceResponse(), Gather(num_digits=1, action="/choice?step=1")
    gather.say("Press 1")
    menu.append(gather)
    yield "/voice", str(menu)
    waiting = VoiceResponse()
    waiting.say("Please hold")
    waiting.enqueue("desk", wait_url="/wait", action="/left")
    yield "/choice", str(waiting)
    hold = VoiceResponse()
    hold.pause(length=10)
    hold.redirect("/wait")
    yield "/wait", str(hold)
    yield "/left", str(VoiceResponse())
    yield "/status", ""
    circle = VoiceResponse()
    circle.redirect("/circle")
    yield "/circle", str(circle)


def brand_with_calls(asked: Asked) -> FastAPI:
    app, played = FastAPI(), dict(answers())

    async def answer(request: Request) -> Response:
        form = {name: one[0] for name, one in parse_qs((await request.body()).decode()).items()}
        asked.append((request.url.path, form))
        return Response(played[request.url.path], media_type="text/xml")

    app.add_api_route("/{path:path}", answer, methods=["POST"])
    return app


def set_up(carrier_url: str, voice_url: str, status_url: str) -> None:
    """Set the line up with Twilio's own client."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = carrier_url
    try:
        [number] = client.incoming_phone_numbers.list(phone_number=LINE)
        changed = number.update(voice_url=voice_url, status_callback=status_url)
        assert (changed.voice_url, changed.status_callback) == (voice_url, status_url)
        with pytest.raises(TwilioRestException):
            number.update(voice_url="nonsense")
    finally:
        client.http_client.session.close()


async def test_a_call_follows_the_brands_instructions_to_its_end(
    carrier: CarrierClient, brand: Brand, brands_stage: Stage
) -> None:
    asked: Asked = []
    calls = f"/phones/{PHONE}/calls"
    busy = (await carrier.http.post(calls, json={"to": LINE})).json()
    assert (busy["state"], busy["status"]) == ("over", "busy")
    async with brands_stage.playing(brand_with_calls(asked)):
        await asyncio.to_thread(set_up, carrier.url, f"{brand.url}/voice", f"{brand.url}/status")
        call = (await carrier.http.post(calls, json={"to": LINE})).json()
        assert (call["state"], call["heard"]) == ("listening", ["Press 1"])
        at = f"{calls}/{call['sid']}"
        held = (await carrier.http.post(f"{at}/acts", json={"digits": "2"})).json()
        assert (held["state"], held["with_whom"]) == ("holding", "desk")
        await carrier.http.post(f"{at}/acts", json={})
        over = (await carrier.http.post(f"{at}/hang-up")).json()
        assert (over["state"], over["status"]) == ("over", "completed")
        for late in ("acts", "take"):
            body = {"is_taken": True} if late == "take" else {}
            assert (await carrier.http.post(f"{at}/{late}", json=body)).status_code == 409
        await asyncio.to_thread(set_up, carrier.url, f"{brand.url}/circle", "")
        circle = (await carrier.http.post(calls, json={"to": LINE})).json()
        assert circle["heard"] == ["We are sorry, an application error has occurred. Goodbye."]
    paths = [path for path, _ in asked if path != "/circle"]
    assert paths == ["/voice", "/choice", "/wait", "/wait", "/left", "/status"]
    forms = dict(asked)
    assert forms["/choice"]["Digits"] == "2"
    assert forms["/left"]["QueueResult"] == "hangup"
    assert forms["/status"]["CallStatus"] == "completed"
    assert (await carrier.http.post(calls, json={"to": "+15550199999"})).status_code == 404
