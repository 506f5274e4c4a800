"""The user that PostgreSQL runs as. It refuses root, so root starts it as an unprivileged user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError

# In this order: the user that packages create for PostgreSQL, or the one every system has.
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerUser:
    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Say whether this user can open files in the folder, by trying it as that user."""
        try:
            probe = subprocess.run(
                ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            )
        except PermissionError:
            return False
        return probe.returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_user(cluster: Path) -> ServerUser | None:
    """Return the user to run PostgreSQL as; None means the current user, who is not root.

    An existing cluster keeps its owner. Raises `EmbeddedError` when no user is suitable.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _user(pwd.getpwuid(owner))
    for name in UNPRIVILEGED:
        try:
            return _user(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user "
        "nobody: start Switchboard as an ordinary user."
    )


def _user(entry: pwd.struct_passwd) -> ServerUser:
    return ServerUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
