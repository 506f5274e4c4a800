"""What an agent is told about a conversation that somebody opened or invited to."""

from datetime import timedelta

import pytest

from domain.errors import Invalid
from domain.origins import contexts, look_back
from domain.origins.origin import Context


def test_blanks_around_its_parts_are_taken_off() -> None:
    context = contexts.checked(Context(reason=" Callback ", link=" https://crm.example/1 "))
    assert context == Context(reason="Callback", link="https://crm.example/1")


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "data:text/html,x", "//crm.example", "crm.example/1", "https://"),
        *("https://crm.example/a b", "https://[crm", "HTTPS ://x", "ftp://crm.example"),
    ],
)
def test_a_link_that_leads_to_no_page_is_refused(link: str) -> None:
    with pytest.raises(Invalid, match="http"):
        contexts.checked(Context(link=link))


@pytest.mark.parametrize("part", contexts.LONGEST)
def test_each_part_has_its_limit(part: str) -> None:
    with pytest.raises(Invalid, match=part):
        contexts.checked(Context(**{part: "x" * 2001}))


def test_a_reply_is_waited_for_between_an_hour_and_thirty_days() -> None:
    assert look_back.checked(look_back.LONGEST) == timedelta(days=30)
    for refused in (timedelta(minutes=59), timedelta(days=30, seconds=1)):
        with pytest.raises(Invalid, match="between 1 hour and 30 days"):
            look_back.checked(refused)
