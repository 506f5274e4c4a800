"""Configures logging for every process: structlog, one line per event, with Temporal's context.

Callers must never log phone numbers or message texts. Errors of any kind may quote them, so an
error is logged by its type and where it was raised, without its words.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger
from temporalio import activity, workflow

from settings import LogSettings
from workflows.search_attributes import CONVERSATION

# These libraries log at `info` what only their own developers need.
TALKATIVE = ("alembic", "database.pools", "httpx2", "httpcore2", "uvicorn.access")
# The pool warns of each failed attempt to connect; our caller gets the error and logs it.
REPETITIVE = ("psycopg.pool",)
CORE_FIELDS = ("run_id", "workflow_id", "task_queue", "activity_type", "workflow_type", "operation")
"""What lines of Temporal's core keep besides their sentence: others may hold payloads."""
NUMBERS = re.compile(r"\+[0-9]{6,15}")
MOST_FRAMES = 30

log = structlog.stdlib.get_logger()

Count = Callable[[str, str], None]
"""Counts a line of ours, by its event and level."""


def configure(settings: LogSettings, count: Count | None = None) -> None:
    """Send structlog's and the standard library's loggers to standard output.

    `count`: is told of each line of ours.
    """
    shared = _shared_processors()
    structlog.configure(
        processors=[
            # Counted before it is filtered: alerts must not depend on what is written.
            *([_counting(count)] if count else []),
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_words_of_people],
            processors=[_core_fields, *_renderers(settings)],
        )
    )
    _be_root(handler, settings)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_end
    # The context already has its own fields.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False


def _be_root(handler: logging.Handler, settings: LogSettings) -> None:
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in REPETITIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        add_temporal_context,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderers(settings: LogSettings) -> list[Processor]:
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.log_format == "console":
        return [clean, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())]
    return [clean, _without_words_of_errors, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _counting(count: Count) -> Processor:
    def counted(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if method != "debug":
            count(str(event["event"]), "error" if method == "exception" else method)
        return event

    return counted


def _core_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the ids in a line of Temporal's core."""
    record = event.get("_record")
    told = getattr(record, "temporal_log", None)
    if told is not None:
        event["logger"] = "temporal.core"
        event.update({name: told.fields[name] for name in CORE_FIELDS if name in told.fields})
    return event


def _without_words_of_people(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take numbers out of a library's sentence, and the errors that asyncio quotes below it."""
    event["event"] = NUMBERS.sub("+…", str(event["event"]).partition("\n")[0])
    return event


def _without_words_of_errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Tell an error by its types and where each was raised: its words may quote people's."""
    told: ExcInfo | BaseException | bool | None = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()[1]
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        chain = list(_chain(error))
        event["error"] = " from ".join(type(one).__name__ for one in chain)
        event["frames"] = [frame for one in chain for frame in _frames(one)][-MOST_FRAMES:]
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        else:
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"


def _log_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log the error that ends the process."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("process_failed", exc_info=(kind, error, trace))


def add_temporal_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the workflow, the activity and its attempt in which a line was logged."""
    if activity.in_activity():
        info = activity.info()
        event.setdefault("workflow_id", info.workflow_id)
        event.setdefault("activity", info.activity_type)
        event.setdefault("attempt", info.attempt)
    elif workflow.in_workflow():
        info_of_workflow = workflow.info()
        event.setdefault("workflow_id", info_of_workflow.workflow_id)
        event.setdefault("run_id", info_of_workflow.run_id)
        if conversation_id := info_of_workflow.typed_search_attributes.get(CONVERSATION):
            event.setdefault("conversation_id", conversation_id)
    return event
