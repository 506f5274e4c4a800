"""A brand's whole configuration as a file, and what applying it would change."""

from typing import Annotated, Self

from pydantic import Field, JsonValue

from api.schemas.shared import Answer, Request, example
from services.brand_file.applying import Plan, Wanted
from services.brand_file.comparing import Verb

EXAMPLE = "version: 1\nlabels:\n  - name: Refund\n    colour: red\n"
File = Annotated[str, Field(description="The file's text: YAML.")]
Retires = Annotated[bool, Field(description="Retire what sections of the file lack.")]


class ConfigurationToPlan(Request):
    model_config = example(file=EXAMPLE)

    file: File
    retire_missing: Retires = False

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.file, self.retire_missing)


class ConfigurationToApply(Request):
    """`plan`: of the plan that was looked at."""

    model_config = example(file=EXAMPLE, plan="0123456789abcdef0123456789abcdef")

    file: File
    plan: Annotated[str, Field(min_length=1, max_length=64)]
    retire_missing: Retires = False
    credentials: Annotated[
        dict[str, dict[str, JsonValue]],
        Field(
            default_factory=dict,
            repr=False,
            max_length=100,
            description="Credentials of new connectors, by the names of the connectors.",
            json_schema_extra={"writeOnly": True},
        ),
    ]

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.file, self.retire_missing, self.credentials)


class DifferenceOut(Answer):
    """A setting before and after, in the file's words. `before`: empty for something new."""

    key: str
    before: str
    after: str


class ConfigurationStepOut(Answer):
    """What becomes of one thing. `kind`: such as skill."""

    verb: Verb
    section: str
    kind: str
    name: str
    differences: list[DifferenceOut]


class MistakeOut(Answer):
    """Why the file cannot be applied. `line`: from 1; 0: nowhere in particular.

    `setting`: whose value it is, if any. `near`: what was probably meant.
    """

    line: int
    sentence: str
    setting: str
    near: str


class CredentialsToGive(Answer):
    """A new connector whose credentials are to be given. `fields`: their names."""

    connector: str
    fields: list[str]


class ConfigurationPlanOut(Answer):
    """What a file changes. Without steps and mistakes there is nothing to do.

    `missing`: what its sections lack, and stays. `plan`: what applying it names.
    """

    plan: str
    steps: list[ConfigurationStepOut]
    missing: list[str]
    mistakes: list[MistakeOut]
    to_give: list[CredentialsToGive]

    @classmethod
    def of(cls, found: Plan) -> Self:
        return cls(
            plan=found.digest,
            steps=[ConfigurationStepOut.model_validate(one) for one in found.steps],
            missing=[*found.missing],
            mistakes=[MistakeOut.model_validate(one) for one in found.mistakes],
            to_give=[
                CredentialsToGive(
                    connector=one.connector, fields=[field.name for field in one.fields]
                )
                for one in found.to_give
            ],
        )
