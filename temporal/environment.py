"""What is wrong with Temporal's own variables, as far as it can be known without its server.

The SDK reads them and judges few: it takes any word for TLS as "on", and no file of profiles as an
empty one. The rest it finds out when it connects, and names no variable.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from temporalio.envconfig import ClientConfig, ClientConnectConfig

FILE, ADDRESS = "TEMPORAL_CONFIG_FILE", "TEMPORAL_ADDRESS"
KEY, TLS = "TEMPORAL_API_KEY", "TEMPORAL_TLS"
TLS_WORDS = frozenset({"true", "1", "yes", "on", "false", "0"})
"""Those that the SDK takes as they are meant; `no` and `off` switch TLS on."""


def faults() -> list[str]:
    """Return a sentence for each variable that cannot be used. No value that is secret is in it."""
    file = os.environ.get(FILE)
    if file and not Path(file).is_file():
        return [f"{FILE} is not usable: there is no file {file}."]
    try:
        config = ClientConfig.load_client_connect_config()
    except (RuntimeError, OSError, ValueError) as error:
        # The first line only: the next ones quote the file, which may hold a key.
        told = str(error).partition("\n")[0]
        return [f"Temporal's settings (TEMPORAL_..., or {FILE}) are not usable: {told}."]
    return list(_faults(config, os.environ))


def _faults(config: ClientConnectConfig, environment: Mapping[str, str]) -> Iterator[str]:
    tls = environment.get(TLS)
    if tls and tls.lower() not in TLS_WORDS:
        yield f"{TLS} is not usable: it is true or false."
    if not _is_address(config.get("target_host") or "localhost:7233"):
        yield f"{_named(ADDRESS, environment)} is not usable: it is a host and a port."
    if not _is_header(config.get("api_key") or ""):
        yield f"{_named(KEY, environment)} is not usable: it has characters that no API key has."


def _named(variable: str, environment: Mapping[str, str]) -> str:
    """Return where a value comes from: its variable, or else the file of profiles."""
    return variable if environment.get(variable) else f"{variable}, as {FILE} has it,"


def _is_address(written: str) -> bool:
    """Say whether the SDK could connect to an address, which may begin with a scheme."""
    if not written.isprintable() or " " in written:
        return False
    try:
        parts = urlsplit(written if "://" in written else f"//{written}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_header(value: str) -> bool:
    """Say whether a header of HTTP may have a value (RFC 9110): visible ASCII and spaces."""
    return value.isascii() and value.isprintable()
