"""What people can do on pages, programs can do by the API."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services
from services.commanding import closing, conversation_settings, ownership
from tests.docs.pages import ROOT

COMMANDS = (*ownership.COMMANDS, *closing.COMMANDS, *conversation_settings.COMMANDS)
ONLY_ON_PAGES = {
    "configuring.account.consumers_languages": "which languages a page offers first",
    "configuring.account.take_turn": "pages save by turns",
    "configuring.endpoints.paused": "GET /v1/endpoints has each with its pause",
    "configuring.lines.misdirected_texts": "GET /v1/lines has them with each line",
    "configuring.lines.refused_webhooks": "GET /v1/lines has them with each line",
    "configuring.panels.places": "GET /v1/consumer-fields has the place of each",
    "configuring.saved_replies.own_fields": "GET /v1/consumer-fields",
    "looking.conversations.list_earlier": "GET /v1/conversations?consumer=",
    "looking.languages.language_of": "how a browser reads a text aloud",
    "looking.supervisor_board.read_today": "GET /v1/board",
    "looking.panels.frame_origins": "which hosts a page may frame",
    "looking.transcripts.find_moment": "GET .../transcript has the moment of each entry",
    "looking.transcripts.read_after": "GET .../transcript and .../events",
    "looking.transcripts.read_latest": "GET .../transcript and .../events",
    "looking.workspace.encodes_smartly": "GET /v1/lines",
    "looking.workspace.has_joined": "GET .../events",
    "looking.workspace.is_mentioned": "GET /v1/me/notices?kind=mention",
    "looking.workspace.latest_event": "GET /v1/events begins with the newest",
    "looking.workspace.list_colleagues": "GET /v1/agents",
    "looking.workspace.list_lines": "GET /v1/lines",
    "looking.workspace.load_names": "GET /v1/lines, /v1/skills, /v1/agents",
    "looking.workspace.queue_entries": "GET /v1/conversations?view=waiting, GET .../routing",
    "looking.workspace.may_pick": "which button is shown; POST .../pick refuses",
    "notifying.batches.move": "POST /v1/batches/.../{move} does it once by its key",
    "reporting.asking.load": "GET /v1/reports asks in the same way",
    "reporting.choices.load_choices": "GET /v1/skills, /v1/agents, /v1/teams and so on",
    "reporting.exporting.export": "GET /v1/reports has the same numbers",
    "own_language.choose": "the language in which they read the pages",
    "auditing.note_export": "written where something is exported, by either way",
    "auditing.note_looked_in": "written where a transcript is read, by either way",
    "auditing.note_read": "written where something is read, by either way",
    "bounding.count": "counts what is written, by either way",
    "bounding.count_batch": "counts what is written, by either way",
    "bounding.count_within": "counts what is written, by either way",
    "cards.masks_cards": "checks what is written, by either way",
    "history.looking.check": "checks what is written, by either way",
    "erasing.erasures.numbers_of": "GET /v1/consumers/{consumer_id}/everything",
    "configuring.connectors.retire": "DELETE /v1/connectors/{connector_id} retires it, too",
    "configuring.hours.add_special": "PUT /v1/hours has special days",
    "configuring.identity_providers.find": "people log in by it in a browser",
    "configuring.identity_providers.forget": "as above",
    "configuring.identity_providers.put": "as above",
    "configuring.identity_providers.remove": "as above",
    "configuring.lines.check_retirable": "DELETE /v1/lines/{line_id} checks it, too",
    "configuring.lines.retire": "DELETE /v1/lines/{line_id} gives the number back first",
    "configuring.open_now.count": "POST /v1/bulk-jobs/count",
    "configuring.people_files.add": "POST /v1/agents, one by one",
    "configuring.people_files.read": "POST /v1/agents says what is wrong",
    "configuring.skills.hand_over": "PATCH of lines, sources, skills and the account",
    "connecting.reached": "GET /v1/lines/{line_id}/health says where texts go",
    "connecting.try_secret": "GET /v1/connectors/{connector_id}/health after it was made",
    "emptying.count": "POST /v1/bulk-jobs/count",
    "emptying.give": "POST /v1/bulk-jobs",
    "history.reading.asked_for": "GET /v1/history reads its own parameters",
    "history.reading.fields_of": "GET /v1/consumer-fields",
    "history.reading.first_found": "GET /v1/history has the place of what was found",
    "history.reading.teams_of": "GET /v1/teams",
    "line_calls.give_up": "DELETE /v1/lines/{line_id} does it first",
    "line_health.last": "GET /v1/lines/{line_id}/health",
    "line_health.last_texts": "GET /v1/lines/{line_id}/health",
    "exporting.columns.known": "what the rows of an export are made with",
    "exporting.making.source_of": "what an export reads, once it was asked for",
    "log_ins.end": "people see to their own log-ins in a browser",
    "log_ins.listed": "as above",
    "looking.first_steps.done": "what a page leads to; the lists say what is there",
    "retiring_connectors.held": "GET /v1/lines, POST /v1/bulk-jobs/count",
    "phone_set_up.forget": "DELETE /v1/lines/{line_id}?leave=true",
    "person_links.make_many": "POST /v1/agents/{agent_id}/links, one by one",
    "second_factor.begin": "people see to their own log-ins in a browser",
    "second_factor.confirm": "as above",
    "second_factor.remove": "an admin does it for somebody who stands before them",
    "second_factor.standing": "people see to their own log-ins in a browser",
    "second_factor.switch_off": "as above",
    "uploading.may_send": "which button is shown; POST .../media refuses",
}
"""Services that pages call and the API does not, and how programs get the same."""
CHANGING = {"post", "put", "patch", "delete"}


def _services_of(tree: ast.AST, within: ast.AST) -> set[str]:
    """Return the services that a part of a module calls."""
    named = {
        alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix("services.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services")
        for alias in node.names
    }
    found = set()
    for node in ast.walk(within):
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name in named:
                found.add(f"{named[name]}.{node.attr}")
            case ast.Name(id=name) if name in named:
                found.add(named[name])
    return found


def _called(folder: str) -> set[str]:
    trees = (ast.parse(path.read_text()) for path in (ROOT / folder).rglob("*.py"))
    return set().union(*(_services_of(tree, tree) for tree in trees))


def _all_services() -> Iterator[str]:
    folder = Path(services.__path__[0])
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if [one.arg for one in node.args.args[:1]] in (["caller"], ["context"]):
                yield f"{module}.{node.name}"


def test_programs_reach_every_service_that_pages_reach_and_all_others() -> None:
    by_command = {f"{one.service.__module__}.{one.service.__name__}" for one in COMMANDS}
    reached = _called("api") | {name.removeprefix("services.") for name in by_command}
    assert set(_all_services()) - reached == set(ONLY_ON_PAGES)


def test_every_page_that_changes_something_does_it_by_services_of_the_api() -> None:
    in_api = _called("api")
    without = set()
    for path in (ROOT / "web").rglob("*.py"):
        tree = ast.parse(path.read_text())
        beside = [ast.parse(one.read_text()) for one in _imported_pages(tree)]
        for function in tree.body:
            if not isinstance(function, ast.AsyncFunctionDef) or not _changes(function):
                continue
            if not set().union(*(_services_of(one, one) for one in (tree, *beside))) & in_api:
                without.add((path.relative_to(ROOT / "web").as_posix(), function.name))
    assert without == set()


def _imported_pages(tree: ast.AST) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("web."):
            found = ROOT / f"{str(node.module).replace('.', '/')}.py"
            if found.exists():
                yield found


def _changes(function: ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGING
        for node in function.decorator_list
    )
