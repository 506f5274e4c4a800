"""Looks for what is left of a consumer, anywhere."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import text as sql
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client

from database.engine import Sessions
from database.tables.base import Table
from media.store import MediaStore
from temporal.codec import EncryptionCodec


async def in_tables(sessions: Sessions, sought: Sequence[str]) -> dict[str, list[str]]:
    """Return the tables whose rows hold one of these, as text or as bytes of it."""
    found: dict[str, list[str]] = {}
    as_bytes = [one.encode(code).hex() for one in sought for code in ("utf-8", "utf-16-le")]
    patterns = [f"%{one}%" for one in (*sought, *as_bytes)]
    async with sessions() as session:
        for name in Table.metadata.tables:
            query = sql(f"SELECT {name}::text FROM {name} WHERE {name}::text ILIKE ANY(:patterns)")
            rows = list(await session.scalars(query, {"patterns": patterns}))
            if rows:
                found[name] = rows
    return found


async def in_store(store: MediaStore, keys: Sequence[str]) -> list[str]:
    """Return which of these files are there still."""
    return [key for key in keys if await store.has(key)]


async def histories(client: Client, workflow_id: str) -> AsyncIterator[bytes]:
    """Yield the raw history of each run of a workflow, with its payloads in the clear."""
    async for run in client.list_workflows(f'WorkflowId = "{workflow_id}"'):
        request = GetWorkflowExecutionHistoryRequest(namespace=client.namespace)
        request.execution.workflow_id, request.execution.run_id = run.id, run.run_id
        answer = await client.workflow_service.get_workflow_execution_history(request)
        yield answer.SerializeToString()


__all__ = ["EncryptionCodec", "histories", "in_store", "in_tables"]
