"""The OpenAPI document tells everything that a program needs, and what it tells is true."""

import json
import re
from typing import Any

import pytest

from api.examples import missing
from api.problems import COMMON, OF_BODIES
from tests.api.documented import DOCUMENT, OPERATIONS, takes_json

SCHEMAS = DOCUMENT["components"]["schemas"]
MODELS = [name for name, schema in SCHEMAS.items() if "properties" in schema]


def operation(method: str, path: str) -> Any:
    return DOCUMENT["paths"][path][method.lower()]


def test_every_model_has_an_example_that_is_of_its_form() -> None:
    # Loaded here: it builds grammars for two seconds, in each process that collects this file.
    from jsonschema import Draft202012Validator, FormatChecker

    assert len(MODELS) > 100
    wrong = []
    for name in MODELS:
        schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for one in SCHEMAS[name]["examples"]:
            wrong += [f"{name}: {error.message}" for error in validator.iter_errors(one)]
    assert wrong == []


def test_no_two_models_have_the_same_name() -> None:
    """FastAPI tells such models apart by their modules, which programs then see."""
    assert [name for name in SCHEMAS if "__" in name] == []


def test_every_text_of_an_example_is_chosen() -> None:
    """Name each new field in `api/example_values.py`, or give its model an example of its own."""
    assert list(missing(SCHEMAS)) == []


def test_numbers_in_examples_are_nobodys() -> None:
    numbers = set(re.findall(r"\+\d{6,}", json.dumps(DOCUMENT)))
    assert numbers
    assert {one for one in numbers if not re.fullmatch(r"\+1\d{3}55501\d\d", one)} == set()


def test_every_operation_reads_as_a_function_and_says_what_it_does() -> None:
    names = [operation(*one)["operationId"] for one in OPERATIONS]
    assert len(set(names)) == len(names)
    for method, path in OPERATIONS:
        told = operation(method, path)
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", told["operationId"]), path
        assert told["summary"].replace(" ", "_").lower() == told["operationId"]
        assert len(told["description"].split()) > 2, path


def test_every_operation_lists_all_that_can_go_wrong() -> None:
    for method, path in OPERATIONS:
        if not path.startswith("/v1"):
            continue
        responses = operation(method, path)["responses"]
        for error in (*COMMON, *(OF_BODIES if takes_json(method, path) else ())):
            assert f"`{error.code}`" in responses[str(error.status)]["description"], (path, error)
        assert "RateLimit" in str(responses["429"]["headers"])


@pytest.mark.parametrize("where", ["requestBody", "responses"])
def test_all_json_of_an_operation_has_an_example(where: str) -> None:
    for one in OPERATIONS:
        told = operation(*one).get(where, {})
        parts = [told] if where == "requestBody" else list(told.values())
        for part in parts:
            schema = part.get("content", {}).get("application/json", {}).get("schema")
            if schema is None or one[1].startswith("/codec"):
                continue
            named = schema.get("items", schema)["$ref"].rsplit("/", 1)[1]
            assert SCHEMAS[named]["examples"], one


def test_every_problem_has_an_example_of_its_own() -> None:
    from jsonschema import Draft202012Validator

    examples = DOCUMENT["components"]["examples"]
    schema = {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]}
    assert len(examples) > 30
    for code, one in examples.items():
        Draft202012Validator(schema).validate(one["value"])
        assert one["value"]["code"] == code
    for one in OPERATIONS:
        for answer in operation(*one)["responses"].values():
            problem = answer.get("content", {}).get("application/problem+json")
            assert problem is None or problem["examples"], one
