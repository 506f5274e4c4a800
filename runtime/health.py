"""Asks the process of this container, or of this machine, whether it lives.

`python -m runtime.health [api | worker]`, or `switchboard health`. It imports the standard library
only, because containers ask every few seconds.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 3.0
EVERYWHERE = ("", "0.0.0.0", "::")
VARIABLES = {
    "api": ("SWITCHBOARD_API_HOST", "SWITCHBOARD_API_PORT", "8000"),
    "worker": ("SWITCHBOARD_WORKER_HEALTH_HOST", "SWITCHBOARD_WORKER_HEALTH_PORT", ""),
}


class HealthUnknown(Exception):
    """Nobody can be asked, for the reason in the message."""


def check(process: str) -> str | None:
    """Return what is wrong with a process, or None when it lives.

    `process`: `api` or `worker`. Raises `HealthUnknown` when the settings do not say where to ask.
    """
    host, port = _address(process)
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/live")
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return f"The {process} does not answer on {host}, port {port}."
    finally:
        connection.close()
    return None if status == 200 else f"The {process} is not well: it answers {status}."


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 alive, 1 not, 2 when nobody can be asked."""
    process = arguments[0] if arguments else "api"
    try:
        wrong = check(process)
    except HealthUnknown as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if wrong:
        sys.stderr.write(f"{wrong}\n")
    return int(wrong is not None)


def _address(process: str) -> tuple[str, int]:
    if process not in VARIABLES:
        raise HealthUnknown(f"There is no process {process!r}: ask for api or worker.")
    host_variable, port_variable, default = VARIABLES[process]
    port = os.environ.get(port_variable, default)
    if not port:
        raise HealthUnknown(f"{port_variable} is not set, so the {process} tells nobody.")
    if not port.isascii() or not port.isdecimal():
        raise HealthUnknown(f"{port_variable} is not a port.")
    host = os.environ.get(host_variable, "")
    return ("127.0.0.1" if host in EVERYWHERE else host), int(port)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
