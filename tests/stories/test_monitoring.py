"""A real Prometheus reads the running product, and a lost text calls somebody."""

import json
import re
from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest

from tests.fixtures.collector import Collector, SeenSpan
from tests.fixtures.prometheus import Prometheus, running
from tests.monitoring.files import FOLDER, alerts, names_used, shown
from tests.stories.conftest import Board, eventually

NUMBER = "+15550102771"
WORDS = "my parcel number is zanzibar"
REPLY = "thank you, quizzical friend"
CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: switchboard
    static_configs: [{{targets: {targets}}}]
"""
STUCK = """
    INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id, provider_message_id,
        text, media, raw, received_at, handed_over_at, hand_overs)
    SELECT %(id)s, inbound.account_id, connector_id, line_id, consumer_id, %(sid)s,
        text, media, raw, received_at, now() - interval '90 seconds', 5
    FROM inbound JOIN consumer ON consumer.id = consumer_id WHERE number = %(number)s LIMIT 1
"""
"""It was handed over so often that it is not again for half an hour, and is lost meanwhile."""


def addresses(board: Board) -> list[str]:
    """Return where the running processes tell their figures, as the terminal says."""
    return re.findall(r"http://(127\.0\.0\.1:\d+)/metrics", board.terminal.text)


@pytest.fixture(scope="module")
def prometheus(board: Board, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    config = CONFIG.format(rules=FOLDER / "rules.yml", targets=json.dumps(addresses(board)))
    with running(tmp_path_factory.mktemp("prometheus"), config) as prometheus:
        yield prometheus


def up(prometheus: Prometheus) -> list[dict[str, Any]]:
    """Return what Prometheus knows of the processes it reads."""
    return list((prometheus.ask("/query", query="up") or {"result": []})["result"])


@pytest.fixture(scope="module")
def conversation(board: Board) -> str:
    """A conversation of two texts, after which every door has been used."""
    board.text(NUMBER, WORDS)
    served = board.when(NUMBER, "assigned")
    path = f"/v1/conversations/{served['id']}/replies"
    board.insist(served["agent_id"], path, uuid4().hex, text=REPLY)
    eventually(lambda: REPLY in board.phone(NUMBER))
    return str(served["id"])


def test_each_figure_of_rules_and_dashboard_is_told_by_the_running_product(
    board: Board, prometheus: Prometheus, conversation: str
) -> None:
    def is_told(name: str) -> bool:
        bare = re.sub(r"_(bucket|count|sum|total)$", "", name)
        return any(f"# TYPE {one} " in page for one in (name, bare) for page in pages)

    def missing() -> set[str]:
        pages[:] = [httpx2.get(f"http://{at}/metrics", timeout=60).text for at in addresses(board)]
        return {name for name in names_used() if not is_told(name)}

    pages: list[str] = []
    assert len(addresses(board)) == 2
    eventually(lambda: not missing())
    for page in pages:  # labels are ids and words
        assert "5550102771" not in page
    eventually(lambda: [one["value"][1] for one in up(prometheus)] == ["1", "1"])
    for expression in shown():
        prometheus.ask("/query", query=expression)
    loaded = prometheus.ask("/rules")["groups"]
    assert {one["name"] for group in loaded for one in group["rules"]} == set(alerts())


def test_a_text_that_no_transcript_has_calls_somebody(
    board: Board, prometheus: Prometheus, conversation: str
) -> None:
    url = board.terminal.folder.read_environment()["SWITCHBOARD_DATABASE_URL"]
    lost = {"id": uuid4(), "sid": uuid4().hex, "number": NUMBER}
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(STUCK, lost)

        def firing() -> list[str]:
            active = (prometheus.ask("/alerts") or {}).get("alerts", [])
            return [
                one["annotations"]["summary"]
                for one in active
                if one["labels"]["alertname"] == "SwitchboardTextStuck" and one["state"] == "firing"
            ]

        (summary,) = eventually(firing)
        assert "in no transcript" in summary
        database.execute("DELETE FROM inbound WHERE id = %(id)s", lost)


OPEN = "SELECT status, count(*) FROM conversation WHERE status <> 'closed' GROUP BY status"
SUMMED = """
    SELECT sum(times) FROM report_sum
    WHERE span = 'day' AND kind = 'text_in' AND dimension = 'account'
"""
TEXTS = "SELECT count(*) FROM message WHERE author = 'consumer'"


def test_a_worker_that_is_measured_sums_reports_and_counts_what_it_tells(
    board: Board, conversation: str
) -> None:
    url = board.terminal.folder.read_environment()["SWITCHBOARD_DATABASE_URL"]
    (at,) = [one for one in addresses(board) if told(one, 'process="worker"')]

    def wrong() -> list[object]:
        with psycopg.connect(url, autocommit=True) as database:
            (summed,), (texts,) = one_row(database, SUMMED), one_row(database, TEXTS)
            still_open: dict[str, int] = dict(database.execute(OPEN).fetchall())
        wanted = {f'open_conversations{{status="{one}"}}': n for one, n in still_open.items()}
        figures = {one: value(at, f"switchboard_{one}") for one in (*wanted, "outdated_sums")}
        return (
            []
            if (summed, figures) == (texts, wanted | {"outdated_sums": 0})
            else [*(summed, texts, figures, wanted)]
        )

    nothing: list[object] = []
    eventually(lambda: wrong() == nothing)
    assert value(at, 'switchboard_send_seconds_count{provider="twilio",result="accepted"}')
    assert not told(at, 'event="task_failed"')


def one_row(database: psycopg.Connection, query: LiteralString) -> tuple[Any, ...]:
    """Return the only row of a query."""
    (row,) = database.execute(query).fetchall()
    return row


def told(address: str, words: str) -> bool:
    """Say whether a process tells a figure with some words."""
    return words in httpx2.get(f"http://{address}/metrics", timeout=60).text


def value(address: str, figure: str) -> float | None:
    """Return a figure as a process tells it; None if it does not."""
    page = httpx2.get(f"http://{address}/metrics", timeout=60).text
    found = [one for one in page.splitlines() if one.startswith(f"{figure} ")]
    return float(found[0].rpartition(" ")[2]) if found else None


def test_every_line_of_the_log_is_json_and_none_has_a_number_or_a_text(
    board: Board, conversation: str
) -> None:
    path = f"/v1/conversations/{conversation}/transcript"
    assert board.call("mia", "GET", path).is_success
    eventually(lambda: len(followed(board, conversation)) > 1)
    logs = {name: board.terminal.folder.log(name).read_text() for name in ("API", "Worker")}
    for log in logs.values():
        lines = [json.loads(line) for line in log.splitlines()]
        assert {"event", "level", "timestamp", "logger"} <= set.intersection(*map(set, lines))
        for said in ("zanzibar", "quizzical", "5550102771", "5550100001"):
            assert said not in log
    assert followed(board, conversation) >= {
        "/v1/conversations/{conversation_id}/transcript",
        "/v1/conversations/{conversation_id}/replies",
    }


def followed(board: Board, conversation: str) -> set[str]:
    """Return the routes of all requests about a conversation, as a search of the log finds them."""
    log = board.terminal.folder.log("API").read_text()
    return {json.loads(one)["route"] for one in log.splitlines() if conversation in one}


def test_one_trace_tells_what_became_of_a_text_in_all_processes(
    board: Board, conversation: str, collector: Collector
) -> None:
    path = f"/v1/conversations/{conversation}/transcript"
    messages = board.call("mia", "GET", path).json()["items"]
    (text,) = [one["id"] for one in messages if one["author"] == "consumer"]
    answered_by = {one["id"] for one in messages if one["automatic"]}
    (reply,) = [one["id"] for one in messages if one["author"] == "agent"]

    def whole(text_id: str, *names: str) -> list[SeenSpan] | None:
        spans = collector.spans(UUID(text_id).hex)
        return spans if {one.name for one in spans} >= set(names) else None

    spans = eventually(lambda: whole(text, "webhook", "signal", "journal", "send", "callback"))
    (first,) = [one for one in spans if one.name == "webhook"]
    assert {one.parent for one in spans} == {"", first.id}
    assert {one.process for one in spans} == {"switchboard-api", "switchboard-worker"}
    steps = [one.attributes for one in spans if one.name == "journal"]
    assert {one["conversation_id"] for one in steps} == {conversation}
    assert answered_by
    assert answered_by <= {one.attributes.get("sent_message_id") for one in spans}
    names = [one.name for one in spans]
    assert names.index("webhook") < names.index("signal") < names.index("journal")
    assert names.index("journal") < names.index("send") < names.index("callback")

    answered = eventually(lambda: whole(reply, "journal", "send", "callback"))
    assert answered[0].name == "journal"
    for post in collector.posts:
        for said in (b"zanzibar", b"quizzical", b"5550102771", b"5550100001"):
            assert said not in post
    worker = board.terminal.folder.log("Worker").read_text()
    assert "opentelemetry" not in worker


def test_the_port_of_figures_has_nothing_else_and_the_open_one_has_no_figures(
    board: Board,
) -> None:
    for at in addresses(board):
        assert httpx2.get(f"http://{at}/v1/conversations", timeout=60).status_code == 404
    assert board.call("mia", "GET", "/metrics").status_code == 404
