"""Vendored files are unchanged."""

import hashlib
import json

from web.site import STATIC

VENDOR = STATIC[0] / "vendor"


def test_vendored_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    listed = {
        name: digest for package in manifest.values() for name, digest in package["files"].items()
    }
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "manifest.json" and not path.name.endswith(".d.ts")
    }
    assert found == listed
    assert all(package["version"] and package["licence"] for package in manifest.values())
