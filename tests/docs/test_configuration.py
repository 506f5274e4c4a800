"""docs/configuration.md holds every setting with its default, and nothing else."""

import re
from collections.abc import Iterator
from enum import Enum

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from secret_files import ENDING, is_secret
from settings import Concern, Settings
from simulator.settings import SimulatorSettings
from tests.docs.commands import COMMANDS
from tests.docs.pages import PAGES, ROOT, rows, section

PAGE = ROOT / "docs" / "configuration.md"
VARIABLE = re.compile(r"\bSWITCHBOARD_[A-Z_]*[A-Z]\b")


def fields_of(kind: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    prefix = kind.model_config.get("env_prefix", "")
    for name, field in kind.model_fields.items():
        concern = field.annotation
        if isinstance(concern, type) and issubclass(concern, Concern):
            yield from fields_of(concern)
        else:
            yield f"{prefix}{name}".upper(), field


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None:
        return "not set"
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return f"`{default.value if isinstance(default, Enum) else default}`"


def _told(heading: str) -> dict[str, str]:
    return {name.strip("`"): default for name, default, _ in rows(section(PAGE, heading))}


def test_every_setting_is_told_with_its_default() -> None:
    assert _told("## Switchboard") == {name: _default(field) for name, field in fields_of(Settings)}


def test_every_setting_of_the_simulator_is_told_with_its_default() -> None:
    wanted = {name: _default(field) for name, field in fields_of(SimulatorSettings)}
    assert _told("## The simulator") == wanted


ABSENT = {"SWITCHBOARD_ADMIN_PASSWORD": "asked for"}
"""What happens without a variable that has no default, if it is not simply missing."""


def _variables_of_commands() -> dict[str, str]:
    return {
        str(option.envvar): f"`{option.default}`"
        if option.default
        else ABSENT.get(str(option.envvar), "not set")
        for one in COMMANDS.values()
        for option in one.params
        if option.envvar
    }


def test_every_variable_of_a_command_is_told() -> None:
    settings = {name for kind in (Settings, SimulatorSettings) for name, _ in fields_of(kind)}
    of_commands = _variables_of_commands()
    told = _told("## Commands")
    assert told == {name: of_commands[name] for name in of_commands.keys() - settings}


def test_no_document_names_a_variable_that_does_not_exist() -> None:
    known = {name for kind in (Settings, SimulatorSettings) for name, _ in fields_of(kind)}
    known |= set(_variables_of_commands())
    # Of docker-compose.yml: which image it builds and starts, and what one process may have.
    known |= {"SWITCHBOARD_VERSION", "SWITCHBOARD_CPUS", "SWITCHBOARD_MEMORY"}
    known |= {f"{name}{ENDING}" for name, field in fields_of(Settings) if is_secret(field)}
    for page in [*PAGES, ROOT / "docker-compose.yml", ROOT / "Dockerfile"]:
        assert set(VARIABLE.findall(page.read_text())) <= known, page
