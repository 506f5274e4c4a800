"""Percentiles of times that were only counted by steps."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.reporting.spread import percentile, seconds_of, step_of

TIMES = st.lists(st.integers(0, 90 * 86_400), min_size=1)


@given(TIMES, st.sampled_from([0.5, 0.9, 1.0]))
def test_a_percentile_is_right_to_one_and_a_half_percent(times: list[int], share: float) -> None:
    spread = Counter(map(step_of, times))
    exact = sorted(times)[max(-(-round(len(times) * share * 1000) // 1000) - 1, 0)]
    found = percentile(spread, share)
    assert found is not None
    assert abs(found - exact) <= max(0.016 * exact, 1)


def test_short_times_are_exact_and_without_any_there_is_none() -> None:
    assert [seconds_of(step_of(one)) for one in range(32)] == list(range(32))
    assert percentile({}, 0.5) is None
