"""The ledger: compares accepted texts and replies with transcripts and phones."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import psycopg
from temporalio.client import Client

from torture.load import Consumer
from torture.whole import Whole

MESSAGES = """
    SELECT consumer.number, author, text, message.status FROM message
    JOIN conversation ON conversation.id = conversation_id
    JOIN consumer ON consumer.id = message.consumer_id
    WHERE message.line_id = 'acme-torture' AND automatic IS NULL
    ORDER BY conversation.number, position
"""
UNDER_WAY = """
    SELECT count(*) FILTER (
               WHERE message.status IN ('queued', 'sending') AND provider_message_id IS NULL
           ),
           count(*) FILTER (
               WHERE message.status = 'sending' AND provider_message_id IS NOT NULL
           ),
           count(*) FILTER (WHERE message.status = 'unknown')
    FROM message WHERE line_id = 'acme-torture'
"""
NEWEST = """
    SELECT DISTINCT ON (consumer_id) status, close_reason, workflow_id FROM conversation
    WHERE line_id = 'acme-torture' ORDER BY consumer_id, number DESC
"""
ADOPTED = "SELECT coalesce(sum(adoptions), 0) FROM latest_step"
NUMBERED = re.compile(r"(?:Text|Reply) (\d+):")

Found = Mapping[str, Sequence[tuple[str, str]]]
"""Texts and replies by phone number: words and delivery status, in order."""


@dataclass
class Ledger:
    """The counts. The marked ones must be 0 once everything has recovered."""

    texts_given: int = 0
    texts_taken: int = 0
    texts_lost: int = field(default=0, metadata={"must_be_0": True})
    texts_doubled: int = field(default=0, metadata={"must_be_0": True})
    texts_out_of_order: int = field(default=0, metadata={"must_be_0": True})
    replies_given: int = 0
    replies_done: int = 0
    """Replies that the API answered with success."""
    replies_refused: int = 0
    replies_lost: int = field(default=0, metadata={"must_be_0": True})
    replies_doubled: int = field(default=0, metadata={"must_be_0": True})
    replies_out_of_order: int = field(default=0, metadata={"must_be_0": True})
    refused_but_on_phone: int = field(default=0, metadata={"must_be_0": True})
    error_but_on_phone: int = field(default=0, metadata={"must_be_0": True})
    """Replies that were sent although the API never answered."""
    stranded: int = field(default=0, metadata={"must_be_0": True})
    """Consumers whose newest conversation waits, was closed by the system, or has no workflow."""
    never_left: int = field(default=0, metadata={"must_be_0": True})
    delivery_untold: int = 0
    """Texts that the provider accepted, whose delivery callbacks reached no running API."""
    unknown: int = 0
    """Texts whose worker was killed while sending them; agents are told that they are in doubt."""
    steps_adopted: int = 0

    def rows(self) -> Iterator[tuple[str, int, bool]]:
        """Yield each name, its count, and whether the count is right."""
        for one in fields(self):
            figure = getattr(self, one.name)
            is_well = not (one.metadata.get("must_be_0") and figure)
            yield one.name.replace("_", " "), figure, is_well

    @property
    def is_well(self) -> bool:
        return all(is_well for _, _, is_well in self.rows())


async def take_stock(whole: Whole, consumers: Sequence[Consumer]) -> Ledger:
    """Compare everything. Raises `psycopg.Error` and others while a service does not answer."""
    done = Ledger()
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    replies: dict[str, list[tuple[str, str]]] = defaultdict(list)
    url = whole.database_url
    async with await psycopg.AsyncConnection.connect(url, connect_timeout=5) as connection:
        for number, author, words, status in await _all(connection, MESSAGES):
            (texts if author == "consumer" else replies)[number].append((words, status))
        ((done.never_left, done.delivery_untold, done.unknown),) = await _all(connection, UNDER_WAY)
        ((done.steps_adopted,),) = await _all(connection, ADOPTED)
        newest = await _all(connection, NEWEST)
    running = await _running(whole)
    done.stranded = sum(_is_stranded(running, *row) for row in newest)
    for consumer in consumers:
        _count_texts(done, consumer, texts[consumer.number])
        phone = await _phone(whole, consumer)
        _count_replies(done, consumer, dict(replies[consumer.number]), phone)
    return done


async def _all(
    connection: psycopg.AsyncConnection[tuple[Any, ...]], query: str
) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query.encode())).fetchall()


async def _running(whole: Whole) -> set[str]:
    client = await Client.connect(whole.temporal_address)
    query = f"ExecutionStatus = 'Running' AND StartTime < '{datetime.now(UTC).isoformat()}'"
    return {one.id async for one in client.list_workflows(query)}


def _is_stranded(running: set[str], status: str, reason: str | None, workflow_id: str) -> bool:
    if status == "closed":
        return reason == "system"
    return status == "waiting" or workflow_id not in running


async def _phone(whole: Whole, consumer: Consumer) -> list[str]:
    url = f"{whole.carrier_url}/phones/{consumer.number}/messages"
    shown = (await whole.http.get(url)).json()
    return [one["text"] for one in shown if one["author"] == "brand"]


def _count_texts(done: Ledger, consumer: Consumer, stand: Sequence[tuple[str, str]]) -> None:
    words = [text for text, _ in stand]
    done.texts_given += len(consumer.texts)
    done.texts_taken += sum(text.is_taken for text in consumer.texts)
    done.texts_lost += sum(text.is_taken and text.words not in words for text in consumer.texts)
    done.texts_doubled += len(words) - len(set(words))
    done.texts_out_of_order += _out_of_order(words)


def _count_replies(
    done: Ledger, consumer: Consumer, statuses: Mapping[str, str], phone: Sequence[str]
) -> None:
    replies = [text for text in phone if text.startswith("Reply")]
    done.replies_given += len(consumer.replies)
    done.replies_doubled += len(replies) - len(set(replies))
    done.replies_out_of_order += _out_of_order(replies)
    for reply in consumer.replies:
        is_there = reply.words in replies
        is_unknown = statuses.get(reply.words) == "unknown"
        done.replies_done += reply.is_done
        done.replies_refused += reply.is_refused
        done.replies_lost += reply.is_done and not is_there and not is_unknown
        done.refused_but_on_phone += reply.is_refused and is_there
        done.error_but_on_phone += is_there and not (reply.is_done or reply.is_refused)


def _out_of_order(words: Sequence[str]) -> int:
    numbers = [int(found[1]) for text in words if (found := NUMBERED.match(text))]
    return sum(later < earlier for earlier, later in pairwise(numbers))
