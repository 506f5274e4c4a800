"""What Twilio is told to say and do: no text of an account breaks out of it."""

from defusedxml.ElementTree import fromstring

from domain.calls.dialogue import Heard, Next, Position, Said, Speaker, Turn, begin, go_on
from domain.calls.menu import SPOKEN, Design, Dial, KeepWaiting, PassOn, Queue
from providers.twilio.voice.twiml import nothing, play
from providers.voice import Script

BASE = "https://sms.brand.test/webhooks/twilio/a-line"
POSITION = {"menu": "a-menu", "version": "1", "language": "en", "step": "offer", "tries": "0"}


def test_words_with_markup_are_spoken_and_not_followed() -> None:
    evil = 'Tom & "Jerry" <Hangup/></Say><Dial>+19005550100</Dial>'
    turn = Turn((Said("en", evil),), Next.listen, Position("en"))
    answer = play(Script(turn, Queue(), BASE, POSITION))
    response = fromstring(answer.body)
    assert [element.tag for element in response.iter()] == ["Response", "Gather", "Say"]
    assert response.find("Gather/Say").text == evil
    assert answer.media_type == "text/xml"


def test_each_way_of_waiting_has_its_verb_and_its_addresses() -> None:
    turn = Turn((), Next.keep_waiting, Position("en"))
    ways: dict[KeepWaiting, tuple[str, str, str]] = {
        Dial(to="+15550100077"): ("Number", "+15550100077", "voice/dial-result"),
        Dial(to="sip:desk@pbx.test"): ("Sip", "sip:desk@pbx.test", "voice/dial-result"),
        PassOn(url="https://pbx.test/a?b=1&c=2"): ("Redirect", "https://pbx.test/a?b=1&c=2", ""),
        Queue(name="desk"): ("Enqueue", "desk", "voice/queue-result"),
    }
    for waiting, (tag, text, action) in ways.items():
        response = fromstring(play(Script(turn, waiting, BASE, POSITION)).body)
        [found] = response.iter(tag)
        assert found.text == text
        called = [one.get("action", "") for one in response.iter() if one.get("action")]
        assert all(one.startswith(f"{BASE}/{action}?menu=a-menu") for one in called)
        assert bool(called) == bool(action)


def test_every_language_is_listened_to_in_its_own() -> None:
    for language, accent in SPOKEN.items():
        speaker = Speaker(Design(line="a-line", languages=(language,)), "Acme", "+15550100001")
        offered = play(Script(begin(speaker, None), Queue(), BASE, POSITION)).body
        gather = fromstring(offered).find("Gather")
        assert gather.get("language") == gather.find("Say").get("language") == accent
        texted = go_on(speaker, Position(language), Heard(digits="1"), None)
        assert "<Hangup />" in play(Script(texted, Queue(), BASE, POSITION)).body
    assert "<Hangup />" in nothing().body
