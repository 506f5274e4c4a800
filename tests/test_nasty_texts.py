"""Whatever people write, reading it costs time in proportion to its length, and not more.

Steps are counted, not seconds: lines of Python that run. What a regular expression does is not
among them, so every pattern that texts meet is looked at for what could make it try again.
"""

import ast
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from types import FrameType
from urllib.parse import urlencode

import pytest

from domain.automatic.kinds import Automatic
from domain.automatic.templates import check_template, compose
from domain.automatic.wordings import check_text
from domain.consent.keywords import keyword_in
from domain.consent.wishes import wants_no_more
from domain.courtesies.reading import courtesy_in
from domain.errors import DomainError
from domain.numbers.numbering_plans import RESPELLINGS
from domain.numbers.phone_numbers import address_of
from domain.survey.reading import READ_UP_TO, read
from domain.survey.scales import READY, Scale, ScaleStep
from domain.text.folding import first_word, fold
from domain.text.limits import INCOMING, check_outgoing, cut_incoming, preview
from domain.text.segments import segments
from ingress.errors import NotUnderstood
from languages.everyday import everyday_language
from languages.recognition import Recogniser
from providers.contract import WebhookRefused, WebhookRequest
from providers.twilio.webhooks import inbound_text
from web import durations
from web.admin import hours

OWN = Scale(
    name="moods",
    steps=(
        ScaleStep(value=1, label="so so", words=("😿😿", "1 star")),
        ScaleStep(value=2, label="👍👍👍", words=("good", "*")),
    ),
    satisfied_from=2,
)
RECOGNISER = Recogniser(_is_unusable=True)
"""Without its model: that is not ours, and gets 400 characters."""


def _answered(scale: Scale, text: str) -> object:
    return read(text, scale)


def _posted(text: str) -> object:
    fields = [("MessageSid", "SM" + "0" * 32), ("From", text), ("To", text), ("Body", text)]
    return inbound_text(
        WebhookRequest("https://x", {}, urlencode(fields, errors="replace").encode())
    )


ANSWERS: dict[str, Callable[[str], object]] = {
    **{f"an answer on {name}": partial(_answered, scale) for name, scale in READY.items()},
    "an answer on a scale of their own": partial(_answered, OWN),
}
"""Read up to a limit, and far more than once."""
READERS: dict[str, Callable[[str], object]] = {
    "a keyword": lambda text: keyword_in(text, is_opted_out=True),
    "a wish": wants_no_more,
    "a courtesy": courtesy_in,
    "folding": fold,
    "the first word": first_word,
    "everyday words": everyday_language,
    "a language": lambda text: RECOGNISER.language_of(text),
    "another language": lambda text: RECOGNISER.language_of(text, "de"),
    "segments": segments,
    "the limit of what comes in": cut_incoming,
    "the limit of what goes out": check_outgoing,
    "the beginning for lists": preview,
    "a template": check_template,
    "a text to be saved": lambda text: check_text(Automatic.welcome, text),
    "filling": lambda text: compose(text, {"agent": text[:50]}, text[:50]),
    "a number": address_of,
    "a number with a plus": lambda text: address_of("+" + text),
    "a webhook": _posted,
    "hours": lambda text: hours.read_periods(text, "Monday"),
    "a time": durations.to_seconds,
}
PIECES = {
    "digits": "1",
    "circled digits": "⑩",
    "many characters in one": "ﷺ",
    "combining marks": "a\u0301\u0323\u0327",
    "marks alone": "\u0301\u0323",
    "joined emoji": "👩\u200d👩\u200d👧\u200d👦",
    "thumbs": "👍😀",
    "asterisks": "*",
    "stars": "⭐",
    "slashes": "1/",
    "dashes": "- ",
    "decimals": "1.1,",
    "brackets": "([{",
    "braces": "{a",
    "spaces": " ",
    "line breaks": "\n",
    "surrogates": "\ud800",
    "scripts": "aб文ع",
    "ratings": "5 and 4 ",
    "courtesies": "ok, thanks for ",
    "phrases": "it was not very very ",
    "letters": "a",
    "addresses": "a@",
    "hours": "1 h ",
    "hearts": "<3",
    "questions": "? good ",
}
GROWN = INCOMING // 2
"""Characters up to which steps are counted, which takes ten times as long as reading."""
PER_CHARACTER = 250
"""Lines for a character at most: U+FDFA is eighteen when it is folded."""


def refused(read_it: Callable[[str], object], text: str) -> None:
    try:
        read_it(text)
    except (DomainError, NotUnderstood, WebhookRefused):
        return


def steps(read_it: Callable[[str], object], text: str) -> int:
    """Return how many lines of Python run when a text is read."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> object:
        nonlocal count
        count += event == "line"
        return counted

    before = sys.gettrace()
    sys.settrace(counted)  # type: ignore[arg-type]
    try:
        refused(read_it, text)
    finally:
        sys.settrace(before)
    return count


def of_length(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize("reader", READERS)
def test_a_nasty_text_is_read_in_steps_that_grow_with_it(reader: str) -> None:
    read_it = READERS[reader]
    refused(read_it, "2 to fill caches")
    for name, piece in PIECES.items():
        half = steps(read_it, of_length(piece, GROWN // 2))
        whole = steps(read_it, of_length(piece, GROWN))
        assert whole <= 2.3 * half + 1500, f"{name}: {half}, {whole}"
        assert whole <= PER_CHARACTER * GROWN, f"{name}: {whole}"


@pytest.mark.parametrize(
    "reader", ["an answer on one_to_five", "an answer on a scale of their own"]
)
def test_an_answer_costs_no_more_than_its_first_500_characters(reader: str) -> None:
    read_it = ANSWERS[reader]
    refused(read_it, "2 to fill caches")
    for name, piece in PIECES.items():
        half, short, cut, whole = (
            steps(read_it, of_length(piece, length))
            for length in (READ_UP_TO // 2, READ_UP_TO, READ_UP_TO + 100, INCOMING)
        )
        assert short <= 2.5 * half + 500, f"{name}: {half}, {short}"
        assert whole <= 1.1 * cut + 500, f"{name}: {cut}, {whole}"


@pytest.mark.parametrize("reader", ANSWERS)
def test_an_answer_of_5000_characters_costs_little_on_every_scale(reader: str) -> None:
    for name, piece in PIECES.items():
        whole = steps(ANSWERS[reader], of_length(piece, INCOMING))
        assert whole <= PER_CHARACTER * INCOMING, f"{name}: {whole}"


# Regular expressions

BOUNDED = {
    r"\(\s*0\s*\)": "begins with a bracket, at which its repeat stops",
    r"\s*(?:\.{2,}|\*)": "is tried at the beginning only",
    r"[^\W_]+(?:-[^\W_]+)*": "the name of a saved reply is short",
    r"[^\s@<>,;:\\\"()\[\]]+@[^\s@<>,;:\\\"()\[\]]+\.[^\s@<>,;:\\\"()\[\].]+": (
        "an e-mail address has 254 characters"
    ),
    r"(?:https?://|www\.)\S+|\S+@\S+|[^\W\d_]*[\d_]\w*": "languages look at 400 characters",
    r'["“”„«»]([^"“”„«»]*)["“”„«»]': "begins with a quotation mark, which its repeat stops at",
    r"[“„«\"][^“”„«»\"]{12,}[”“»\"]": "begins with a quotation mark, which its repeat stops at",
    r"\{([^{}]*)\}": "begins with a brace, which its repeat stops at",
    r"((?:^|[;\n\r\t]) *+)'(?=[=+\-@\t\r＝＋－＠])": "begins where a cell does, once for each",
    r"^[!-?A-~]+@[A-Za-z0-9.-]+$": "an address has 254 characters, and begins where it is read",
}
"""Patterns that may try again, and why that is cheap."""
MADE_OF_A_TABLE = {
    "placeholders.py": "words in braces, one after the other: nothing in it repeats without an end",
    "numbering_plans.py": "see RESPELLINGS below; an address has 100 characters",
    "sought.py": "digits of whole numbers, one or another: nothing in it repeats without an end",
    "wish_patterns.py": "1,000 characters are read; the cost is counted with all the readers",
}
PLACES = ("domain", "ingress", "languages", "providers")
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def patterns() -> Iterator[str]:
    """Return every pattern that is written down where texts of people are read."""
    root = Path(__file__).parents[1]
    for file in (file for place in PLACES for file in sorted((root / place).rglob("*.py"))):
        for call in ast.walk(ast.parse(file.read_text("utf8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re."):
                pattern = call.args[0]
                if file.name in MADE_OF_A_TABLE:
                    continue
                assert isinstance(pattern, ast.Constant), f"{file}: only written patterns"
                yield str(pattern.value)
    yield from (rf"\+({one.head})({one.rest})" for one in RESPELLINGS)


def tries_again(parsed: _parser.SubPattern) -> bool:
    """Say whether something has to follow an endless repeat, or an endless repeat is repeated.

    Where nothing has to follow it, it cannot fail once it has begun, so nothing is tried again.
    """
    is_endless = False
    for code, argument in parsed:
        needed = _parser.SubPattern(parsed.state, [(code, argument)]).getwidth()[0]
        if is_endless and needed and code is not _constants.ASSERT_NOT:
            return True
        is_endless = is_endless or _has_endless(code, argument)
        if any(tries_again(inner) for inner in _inside(code, argument)):
            return True
        if code in REPEATS and argument[1] is _constants.MAXREPEAT:
            inner_endless = any(_has_endless(*one) for one in argument[2])
            if inner_endless and code is not _constants.POSSESSIVE_REPEAT:
                return True
    return False


def _inside(code: object, argument: object) -> list[_parser.SubPattern]:
    """Return the patterns within one piece of a pattern."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, (list, tuple)):
        return [inner for one in argument for inner in _inside(code, one)]
    return []


def _has_endless(code: object, argument: object) -> bool:
    if code in REPEATS and isinstance(argument, tuple) and argument[1] is _constants.MAXREPEAT:
        return True
    return any(_has_endless(*one) for inner in _inside(code, argument) for one in inner)


def test_no_regular_expression_tries_again() -> None:
    found = set(patterns())
    assert len(found) > 8
    assert {one for one in found if tries_again(_parser.parse(one))} == set(BOUNDED)


@pytest.mark.parametrize(
    "pattern",
    [r"\d+(?:[.,:]\d+)+", r"a*b", r"(?:a+)+", r"\s*[/]\s*(?=\d)", r"(?:\S+|x)@", r"(a|b+)*c"],
)
def test_a_pattern_that_tries_again_is_found(pattern: str) -> None:
    assert tries_again(_parser.parse(pattern))


@pytest.mark.parametrize(
    "pattern", [r"\d++(?:[.,]\d++)*+\w*+", "a+", r"[/]\s*", r"(?:a++|b)", "a|b"]
)
def test_a_pattern_that_does_not_is_not(pattern: str) -> None:
    assert re.compile(pattern)
    assert not tries_again(_parser.parse(pattern))


def test_all_of_them_together_take_seconds_of_a_processor_at_most() -> None:
    """The last resort, for what runs in C: a process that may use a minute of a processor."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    script = (
        "from tests.test_nasty_texts import *\n"
        "for read_it in (ANSWERS | READERS).values():\n"
        "    for piece in PIECES.values():\n"
        "        refused(read_it, of_length(piece, INCOMING))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, preexec_fn=bounded)
