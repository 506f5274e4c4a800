"""What providers say of themselves holds together, for every one in the registry."""

import pytest
from pydantic import Field

from domain.errors import Invalid
from providers.credentials import Credentials, FormField, filled_in, form_of, secret


class Example(Credentials):
    """Credentials as a provider describes them."""

    account: str = Field(title="Account", description="Its number.", pattern="^[0-9]+$")
    token: str = secret("Token")
    older: str | None = secret("Older token", "Still taken.", is_optional=True)


def test_a_form_is_made_of_the_credentials_model() -> None:
    assert form_of(Example) == (
        FormField("account", "Account", "Its number.", False, True, "^[0-9]+$"),
        FormField("token", "Token", "", True, True, None),
        FormField("older", "Older token", "Still taken.", True, False, None),
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"account": "1"}, "token: Field required"),
        ({"account": "one", "token": "s3cret"}, "account: String should match"),
        ({"account": "1", "token": "s3cret\n"}, "token: Value error, must be one line"),
        ({"account": "1", "token": "s3cret", "api_url": "http://evil"}, "api_url: Extra inputs"),
        ({"account": "1", "token": ""}, "token: String should have at least 1 character"),
        ({"account": 1, "token": ["s3cret"]}, "token: Input should be a valid string"),
    ],
)
def test_a_wrong_value_is_reported_by_its_field_and_never_shown(
    values: dict[str, object], told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        filled_in(Example, values)  # type: ignore[arg-type]
    assert told in str(refused.value.detail)
    assert "s3cret" not in str(refused.value.detail)
    assert "evil" not in str(refused.value.detail)


def test_credentials_in_a_log_show_no_secret() -> None:
    assert "s3cret" not in repr(Example(account="1", token="s3cret", older="s3cret"))
