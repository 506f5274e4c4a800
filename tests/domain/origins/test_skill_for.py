"""Which skill gets a first text, and why."""

from domain.origins.kinds import OriginKind
from domain.origins.origin import Origin
from domain.policy.entry_skill import Wish, entry_skill, skill_for, why_invited, why_source

LINE = entry_skill("support", None)
INVITED = Wish("sales", why_invited(Origin(kind=OriginKind.notification, title="Parcels")))
SOURCE = Wish("ads", why_source("Poster", by_keyword=True))


def test_an_invitation_comes_before_a_source_and_both_before_the_line() -> None:
    assert skill_for([INVITED, SOURCE], LINE).skill_id == "sales"
    assert skill_for([None, SOURCE], LINE).skill_id == "ads"
    assert skill_for([None, None], LINE) == LINE


def test_a_source_comes_before_the_default_skill_that_takes_every_line() -> None:
    assert skill_for([None, SOURCE], entry_skill("support", "default")).skill_id == "ads"


def test_a_retired_skill_gives_way_and_the_reason_says_so() -> None:
    retired = Wish(INVITED.skill_id, INVITED.why, is_retired=True)
    choice = skill_for([retired, None], LINE)
    assert choice.skill_id == "support"
    assert choice.reason == (
        'The first text answers "Parcels". Its skill is retired. It is the entry skill of the line.'
    )


def test_the_reason_names_what_the_text_belongs_to() -> None:
    call = Origin(kind=OriginKind.call, title="+1 555 0100, pressed 1")
    assert "after the call" in why_invited(call)
    assert why_source("Poster", by_keyword=False) == (
        'The first text is the text of the source "Poster".'
    )
