"""Sees to it that a database and a Temporal namespace belong together.

Workflow ids are made of line and consumer. In a namespace of another installation, open
conversations would be started a second time, or go on as somebody else's.
"""

from dataclasses import replace
from uuid import uuid4

import structlog
from temporalio.client import Client

from database.direct import Direct
from database.queries import ties
from database.queries.ties import ForeignNamespace, Tie, require_name
from temporal.marks import MARK, mark, read_mark

log = structlog.get_logger()


def require_mark(tie: Tie | None, found: str | None, namespace: str) -> None:
    """Raise `ForeignNamespace` if the namespace bears another installation's mark."""
    if found is None or (tie is not None and found == str(tie.id)):
        return
    raise ForeignNamespace(
        f"Temporal's namespace {namespace} belongs to another installation than this database "
        f"({found}, not {tie.id if tie else 'one without an id yet'}): set TEMPORAL_ADDRESS and "
        f"TEMPORAL_NAMESPACE to its own, or, if no other installation uses the namespace any "
        f"more, delete its schedule {MARK}."
    )


async def require_own(direct: Direct, client: Client) -> tuple[Tie | None, str | None]:
    """Return tie and mark, and change nothing.

    Raises `ForeignNamespace`, and the errors of both servers.
    """
    tie = await ties.read(direct)
    require_name(tie, client.namespace)
    found = await read_mark(client)
    if tie is None and found is not None:
        tie = await ties.read(direct)  # another worker may have made both meanwhile, its id first
        require_name(tie, client.namespace)
    require_mark(tie, found, client.namespace)
    return tie, found


async def tie_together(direct: Direct, client: Client) -> None:
    """Tie database and namespace together, unless they are. Raises what `require_own` raises.

    The mark comes first: whoever is stopped between the two finds it as its own the next time.
    """
    tie, found = await require_own(direct, client)
    if tie is None:
        tie = await ties.made(direct)
    if found is None:
        require_mark(tie, await mark(client, tie.id), client.namespace)
        log.info("namespace_marked", namespace=client.namespace)
    if tie.namespace is None:
        require_name(await ties.tied(direct, client.namespace), client.namespace)
        log.info("namespace_tied", namespace=client.namespace)


async def adopt(direct: Direct, client: Client) -> bool:
    """Let the database belong to the client's namespace; False when it did already.

    It gets another id: a copy of a database can never enter its original's namespace by this.
    Raises `ForeignNamespace`, and the errors of both servers.
    """
    tie, found = await ties.read(direct), await read_mark(client)
    require_mark(tie, found, client.namespace)
    if tie and (tie.namespace, found) == (client.namespace, str(tie.id)):
        return False
    own = tie if tie and found else Tie(uuid4(), None)
    await ties.moved(direct, replace(own, namespace=client.namespace))
    require_mark(own, await mark(client, own.id), client.namespace)
    return True
