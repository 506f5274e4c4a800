"""A tiny run of each part yields its figures; what they are is for `make bench` to say."""

from collections.abc import AsyncIterator

import pytest
from rich.console import Console

from bench import installation, progress
from bench.installation import MeasuredInstallation
from bench.parts import PARTS
from bench.sizes import Sizes
from tests.examples import is_nightly
from tests.fixtures.ports import own_port

TINY = Sizes(
    rounds=1,
    consumers=2,
    texts_each=2,
    at_once=2,
    burst=4,
    latency_seconds=1,
    latency_conversations=2,
    long_messages=4,
    parked=4,
    parked_texts=4,
    waiting=60,
    agents=4,
    told=3,
    long_texts=4,
    pictures=4,
    reports=40,
    reports_rounds=1,
    batch_recipients=12,
    stream_agents=4,
    stream_managers=2,
    stream_talks=2,
    stream_seconds=1,
    fleet_accounts=3,
    fleet_agents=4,
    fleet_pages=2,
    fleet_texts=6,
    history=40,
    history_rounds=1,
    history_texts=4,
)
SLOW = {"batch", "history", "long", "providers", "streams", "timers"}
"""Parts that wait for half a minute, or measure for it: every night runs them, too.

What a killed worker had in hand is waited for: a batch takes seven seconds alone, and up to two
minutes on a busy machine.
"""
EACH_STEP_ONCE = ("text", "reply", "transfer", "close", "rating")
JUDGED = {
    "batch": {"batch_not_sent", "batch_sent_twice", "batch_actions_per_recipient"},
    "fleet": {
        "texts_per_s_of_many_accounts",
        "texts_per_s_of_one_account",
        "texts_per_core_second_worker_of_one_account",
        "event_order_waits_of_one_account",
        "assigned_after_p99_ms_of_many_accounts",
        "told_per_s",
        "replies_per_s",
    },
    "history": {"first_page_median_ms", "page_500_p99_ms", "word_rare_ms", "and_all_of_it_ms"},
    "ingest": {"accept_ratio", "drain_ratio", "openings_drain_ratio"},
    "burst": {"tasks_timed_out", "steps_decided_twice", "all_welcomed_after_s"},
    "cost": {"actions_whole", "actions_per_consumer_text", "actions_per_reply"},
    "latency": {"text_to_page_p99_ms_at_5_per_s", "reply_to_provider_p99_ms_at_20_per_s"},
    "long": {"long_ratio", "history_events_most"},
    "parked": {"parked_text_ms", "worker_mb"},
    "providers": {"door_telnyx_ratio", "parts_a_second", "pictures_a_second"},
    "reports": {"year_median_ms", "by_agent_ms", "of_label_slowest_ms", "cpu_ms_to_sum_a_day"},
    "routing": {"match_cost_ratio", "drain_seconds"},
    "streams": {"cpu_ms_per_delivered_event", "bytes_per_delivered_event", "kb_per_stream"}
    | {
        "event_to_page_p99_ms_at_40_per_s",
        "cores_needed_at_40_per_s",
        "told_of_what_is_not_for_them",
    }
    | {"cpu_ms_per_event_and_manager", "not_told_at_40_per_s"},
    "timers": {"timers_running_at_most", "actions_with_timers", "late_p99_ms"},
}


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[MeasuredInstallation]:
    """One installation for all parts: they work whatever another part left behind."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bench.installation.free_port", own_port)
        patched.setattr("bench.cost.TALK", EACH_STEP_ONCE)
        patched.setattr("bench.providers.NEAR", 2)
        patched.setattr("bench.history_costs.SETTLES_SECONDS", 0)
        patched.setattr("bench.history_brand.TALKS", 3)
        patched.setattr("bench.history_brand.TEXTS", 20)
        patched.setattr("bench.routing.ROUNDS", 2)
        patched.setattr("bench.routing.TURNS", 1)
        patched.setattr("bench.direct_events.SETTLES_SECONDS", 0)
        async with installation.started() as one:
            yield one


@pytest.mark.parametrize("part", [one for one in PARTS if is_nightly() or one not in SLOW])
async def test_a_part_yields_its_figures(running: MeasuredInstallation, part: str) -> None:
    with progress.shown(Console(quiet=True)) as steps:
        figures = await PARTS[part](running, TINY, steps)
    assert {figure.name for figure in figures} >= JUDGED[part]
    assert all(figure.value >= 0 for figure in figures)
