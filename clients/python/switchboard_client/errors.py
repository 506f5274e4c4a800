"""Problems that the API answers with, as exceptions: one for each code, all `ProblemError`."""

from typing import ClassVar

import httpx2
from pydantic import BaseModel, ValidationError


class FieldError(BaseModel):
    """What is wrong with one part of a request, such as `body.text`."""

    where: str
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457). `code` is stable; `detail` is for people."""

    type: str = "about:blank"
    title: str = ""
    status: int
    detail: str = ""
    code: str = ""
    instance: str = ""
    key: str | None = None
    errors: list[FieldError] | None = None


class ProblemError(Exception):
    """The API refused a request. `retry_after`: seconds to wait before it is sent again.

    An error without a class of its own, as of a later version of the API, is a plain one.
    """

    code: ClassVar[str] = ""
    kinds: ClassVar[dict[str, type["ProblemError"]]] = {}

    def __init__(self, problem: Problem, retry_after: int | None = None) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail}")
        self.problem = problem
        self.retry_after = retry_after

    def __init_subclass__(cls) -> None:
        ProblemError.kinds[cls.code] = cls

    @classmethod
    def of(cls, answer: httpx2.Response) -> "ProblemError":
        """Return the error that an answer tells of."""
        try:
            problem = Problem.model_validate_json(answer.content)
        except ValidationError:  # something in between has answered, such as a proxy
            problem = Problem(status=answer.status_code, detail=answer.text[:200])
        wait = answer.headers.get("Retry-After", "")
        kind = cls.kinds.get(problem.code, ProblemError)
        return kind(problem, int(wait) if wait.isdigit() else None)


class EventsGone(Exception):
    """The events that were followed do not exist any more: the database was restored.

    Read everything you keep again, and follow from `id` on.
    """

    class Told(BaseModel):
        id: int

    def __init__(self, id: int) -> None:
        super().__init__("The events that were followed are gone. Read everything again.")
        self.id = id
