"""An adapter is one folder, one name in the registry, and one file for the kit."""

import pytest

from domain.errors import Invalid
from providers.contract import webhook_path
from providers.credentials import filled_in, form_of
from providers.names import NAMES
from tests.providers.kit.case import Case
from tests.providers.kit.cases import CASES, EVERY, EXAMPLE, adapter_of, credentials_of


def test_every_provider_takes_part() -> None:
    assert list(CASES) == [*NAMES, EXAMPLE], "tests/providers/<name>/case.py"


@EVERY
def test_a_description_says_what_people_and_the_product_need(case: Case) -> None:
    described = adapter_of(case).description
    assert described.name == case.name
    fields = form_of(described.credentials)
    assert all(one.label != one.name for one in fields), "each field has a label"
    assert any(one.is_secret for one in fields)
    filled_in(described.credentials, dict(described.example))
    paths = [webhook_path(described, "line", one) for one in described.webhooks]
    assert len(set(paths)) == len(paths)
    assert all("POST" in one.methods for one in described.webhooks)
    assert len({one.name for one in described.checks}) == len(described.checks)


@EVERY
def test_credentials_show_no_secret_and_need_all_of_them(case: Case) -> None:
    model = adapter_of(case).description.credentials
    shown = repr(credentials_of(case))
    for one in form_of(model):
        if one.is_secret and one.name in case.entered:
            assert str(case.entered[one.name]) not in shown
        if one.is_required:
            for wrong in ({}, {one.name: ""}, {one.name: "a\nb"}):
                others = {name: value for name, value in case.entered.items() if name != one.name}
                with pytest.raises(Invalid, match=one.name):
                    filled_in(model, {**others, **wrong})
