"""Forms that filter what a page shows say what it shows, also after going back to it."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
FORM = re.compile(r'<form\b[^>]*method="get"[^>]*>')
TO_LOG_IN = WEB / "log_in"


def test_no_browser_fills_filters_with_what_was_chosen_after_the_page_came() -> None:
    forms = {
        form: path
        for path in WEB.rglob("*.html")
        if TO_LOG_IN not in path.parents
        for form in FORM.findall(path.read_text())
    }
    assert len(forms) > 5
    assert {path for form, path in forms.items() if 'autocomplete="off"' not in form} == set()
