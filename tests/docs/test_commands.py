"""Shell blocks of the documents: commands exist, options exist, addresses exist in the API."""

import re
import subprocess
from functools import cache

import pytest
from fastapi import FastAPI

from api.v1.router import router
from embedded.temporal import server_program
from tests.docs.commands import COMMANDS
from tests.docs.pages import ROOT, Block, blocks, name_of

SHELL = list(blocks("sh"))
SWITCHBOARD = re.compile(r"^(?:\w+=\S+ )*switchboard (.+?)(?: &.*)?$", re.MULTILINE)
TEMPORAL = re.compile(r"^temporal ((?:[a-z][a-z-]* )+)(.*(?:\n  .*)*)", re.MULTILINE)
ADDRESS = re.compile(r"\$API(/[^\s'\"?]*)")
METHOD = re.compile(r"-X ([A-Z]+)")


def _id(block: Block) -> str:
    return f"{name_of(block.page)}:{block.line}"


@pytest.mark.parametrize("block", SHELL, ids=_id)
def test_a_block_is_a_shell_script(block: Block) -> None:
    checked = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("block", SHELL, ids=_id)
def test_commands_of_a_block_exist_with_their_options(block: Block) -> None:
    for line in SWITCHBOARD.findall(block.text):
        name, *words = line.split(" & ")[0].split()
        assert name in COMMANDS, line
        known = {option for one in COMMANDS[name].params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("block", SHELL, ids=_id)
def test_targets_of_make_exist(block: Block) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in re.findall(r"^make ([a-z]+)", block.text, re.MULTILINE):
        assert target in targets


@pytest.mark.parametrize("block", SHELL, ids=_id)
def test_addresses_of_a_block_are_the_apis(block: Block) -> None:
    text = block.text.replace("\\\n", " ")
    for line in text.splitlines():
        for path in ADDRESS.findall(line):
            method = METHOD.search(line)
            sends = "POST" if " -d " in line else "GET"
            assert _routed(path, method[1] if method else sends), line


@cache
def _paths() -> dict[str, dict[str, object]]:
    app = FastAPI()
    app.include_router(router)
    paths: dict[str, dict[str, object]] = app.openapi()["paths"]
    return paths


def _routed(path: str, method: str) -> bool:
    return any(
        method.lower() in methods and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
        for template, methods in _paths().items()
    )


@pytest.mark.parametrize("block", SHELL, ids=_id)
def test_temporals_commands_exist_with_their_options(block: Block) -> None:
    for words, rest in TEMPORAL.findall(block.text):
        known = _temporal(*words.split(), "--help") + _temporal("options")
        for option in re.findall(r"--[a-z-]+", rest):
            assert f"{option} " in known, option


@cache
def _temporal(*words: str) -> str:
    return subprocess.run(
        [server_program(), *words], text=True, capture_output=True, check=True
    ).stdout


def test_something_was_checked() -> None:
    text = "\n".join(block.text for block in SHELL)
    assert len(ADDRESS.findall(text)) > 10
    assert len(SWITCHBOARD.findall(text)) > 5
    assert len(TEMPORAL.findall(text)) > 3
