"""What consumers read if an account's text is missing in their language."""

from domain.automatic.kinds import Automatic
from domain.automatic.wordings import TextLanguages, Wording
from domain.language_settings import TextPrecedence
from domain.policy.missing_languages import ReadInstead, unwritten


def test_it_is_said_what_those_read_in_whose_language_a_text_is_missing() -> None:
    wordings = [
        Wording(Automatic.welcome, "en", "Hi"),
        Wording(Automatic.help, "en", "", enabled=False),
        Wording(Automatic.closed_by_agent, "de", "Bis bald"),
        Wording(Automatic.closed_by_agent, "en", "Bye"),
    ]
    languages = ["en", "de", "fr-CA", "nl"]
    found = unwritten(wordings, languages, TextLanguages("en", "en"))
    assert set(found) == {Automatic.welcome, Automatic.closed_by_agent}
    assert found[Automatic.welcome].written == ("en",)
    assert found[Automatic.welcome].readers == {
        ReadInstead("de", is_own=False, is_foreign=False): ("de",),
        ReadInstead("fr", is_own=False, is_foreign=False): ("fr-CA",),
        ReadInstead("en", is_own=True, is_foreign=True): ("nl",),
    }
    by_place = unwritten(wordings, languages, TextLanguages("en", "en", TextPrecedence.scope))
    assert by_place[Automatic.welcome].readers == {
        ReadInstead("en", is_own=True, is_foreign=True): ("de", "fr-CA", "nl")
    }
