"""Placeholders: only known ones are saved, and none is ever sent."""

import pytest

from domain.errors import Invalid, PlaceholderLeft
from domain.writing.placeholders import check_filled, check_placeholders, fill


def test_a_text_is_filled_and_what_is_not_known_is_named_and_stays() -> None:
    values = {"consumer_name": "  ", "agent_name": "Ann {line}", "line": "Support"}
    filled = fill("Hi {consumer_name}, {agent_name} of {line}. {consumer_name}!", values)
    assert filled.text == "Hi {consumer_name}, Ann {line} of Support. {consumer_name}!"
    assert filled.missing == ("consumer_name",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi {name}", "Unknown placeholder {name}. Known are {consumer_name}"),
        ("Hi {Line} and {}", "Unknown placeholder {}, {Line}"),
        ("Hi {field.size}", "Unknown placeholder {field.size}"),
        ("Hi {line", "Braces stand around placeholders only"),
        ("Hi }line{", "Braces stand around placeholders only"),
        ("Hi {{line}}", "Braces stand around placeholders only"),
    ],
)
def test_an_unknown_placeholder_and_a_lone_brace_are_refused_with_a_sentence(
    text: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_placeholders(text, own_fields=["order"])
    assert refused.value.detail.startswith(said)


def test_own_fields_are_known_by_their_names() -> None:
    check_placeholders("{field.order} of {consumer_name}", own_fields=["order"])


def test_a_placeholder_is_never_sent_while_other_braces_are() -> None:
    for sent in ("no braces", "Look: {a: 1}", "{name} {field.} {Line}"):
        check_filled(sent)
    for left in ("Hi {consumer_name}!", "{field.order-1}"):
        with pytest.raises(PlaceholderLeft, match=r"\{"):
            check_filled(left)
