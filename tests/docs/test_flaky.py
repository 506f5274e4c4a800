"""A failure counts unless docs/flaky.md names the test and says why it fails at times."""

from tests.docs.pages import ROOT
from tests.flaky import PAGE, forgiven, unforgiven

PAGE_OF_ONE = """
| test | why it fails at times |
| --- | --- |
| `tests/web/test_live.py::test_a_page` | The browser loses its connection. |
"""


def test_a_failed_test_is_forgiven_with_all_its_parameters_if_the_page_names_it() -> None:
    failed = ["tests/web/test_live.py::test_a_page[de]", "tests/web/test_live.py::test_a_page[fr]"]
    assert unforgiven(failed, PAGE_OF_ONE) == []


def test_a_failed_test_that_the_page_does_not_name_has_failed() -> None:
    other = "tests/web/test_live.py::test_a_page_of_another_kind"
    assert unforgiven([other], PAGE_OF_ONE) == [other]


def test_a_test_without_a_reason_is_not_forgiven() -> None:
    assert forgiven("| `tests/web/test_live.py::test_a_page` |  |") == {}


def test_tests_that_may_fail_exist() -> None:
    for test in forgiven(PAGE.read_text()):
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(), test
