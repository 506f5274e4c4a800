"""`switchboard restore` takes the keys of the backup, and no others."""

import json
from pathlib import Path

from embedded.guard import Guard
from embedded.keys import new_encryption_key
from tests.cli.test_backup import KEYS, filled, place, run

__all__ = ["place"]


def test_a_backup_is_restored_with_its_own_keys_only(place: Path, guard: Guard) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    name, _, key = KEYS.partition(":")
    assert key not in (copy / "backup.json").read_text()
    other = new_encryption_key()
    for wrong in (other, f"{name}:{other.partition(':')[2]}"):
        (place / "wrong").write_text(wrong)
        code, output = run("restore", copy, "--keys", place / "wrong", "--data", again)
        assert (code, f"{name} is missing" in output, again.exists()) == (2, True, False), output
    (place / "more").write_text(f"{other},{KEYS}")
    words = ("restore", copy, "--keys", place / "more", "--data", again, "--as-it-was")
    code, output = run(*words)
    assert (code, "could not be checked" in output) == (0, False), output


def test_a_backup_of_an_older_version_says_that_its_keys_could_not_be_checked(
    place: Path, guard: Guard
) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    manifest = json.loads((copy / "backup.json").read_text())
    del manifest["key_marks"]
    (copy / "backup.json").write_text(json.dumps(manifest))
    code, output = run("restore", copy, "--keys", keys, "--data", again, "--as-it-was")
    assert (code, "could not be checked" in output) == (0, True), output
