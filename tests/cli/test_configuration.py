import os
from pathlib import Path

import pytest

from cli.configuration import borrow_environment
from embedded.data_folder import opened


def test_another_terminal_finds_what_runs_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    with opened(tmp_path) as folder:
        folder.write_environment({"SWITCHBOARD_DATABASE_URL": "postgresql://here"})
    borrow_environment(tmp_path)
    assert os.environ == {"SWITCHBOARD_DATABASE_URL": "postgresql://here"}


def test_what_the_environment_says_is_not_mixed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"SWITCHBOARD_DATABASE_URL": "postgresql://there"})
    with opened(tmp_path) as folder:
        folder.write_environment({"SWITCHBOARD_DATABASE_URL": "postgresql://here", "ONE": "more"})
    borrow_environment(tmp_path)
    assert os.environ == {"SWITCHBOARD_DATABASE_URL": "postgresql://there"}


def test_a_database_that_a_file_names_is_not_mixed_with_it_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"SWITCHBOARD_DATABASE_URL_FILE": "/run/secrets/url"})
    with opened(tmp_path) as folder:
        folder.write_environment({"SWITCHBOARD_DATABASE_URL": "postgresql://here"})
    borrow_environment(tmp_path)
    assert os.environ == {"SWITCHBOARD_DATABASE_URL_FILE": "/run/secrets/url"}
