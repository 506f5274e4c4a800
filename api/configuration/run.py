"""One reading or applying of a configuration file: who does it, and what the names stand for."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.configuration.reading import Path, ReadFile
from domain.errors import DomainError
from services.caller import Caller
from services.configuring import (
    skills,
)
from services.configuring.connectors import KnownProviders

Model = TypeVar("Model", bound=BaseModel)
OF_WORDS = ("stop", "start", "help", "off")
OF_LINE = ("skill", "priority", "language", "segments_per_second", "smart_encoding", "countries")


@dataclass
class Run:
    """One reading or applying: who does it, and which ids the names have by now."""

    caller: Caller
    session: AsyncSession
    known: KnownProviders
    file: ReadFile
    skills: dict[str, str] = field(default_factory=dict)

    async def learn(self) -> None:
        """Look up the ids of skills by their names."""
        found = await skills.listed(self.caller, self.session)
        self.skills = {one.skill.name: one.skill.id for one in found}

    def name_of(self, skill_id: str | None) -> str | None:
        """Return a skill's name."""
        return next((name for name, one in self.skills.items() if one == skill_id), None)

    def skill(self, where: Path, name: object) -> str:
        """Return a skill's id. Raises `FileInvalid` for a name that no skill has."""
        if not isinstance(name, str) or name not in self.skills:
            raise self.file.refused(where, f"there is no skill {name}.")
        return self.skills[name]

    def model(self, kind: type[Model], where: Path, values: Mapping[str, Any]) -> Model:
        """Return a model of values. Raises `FileInvalid`, with the line of what is wrong."""
        self.file.check_keys(where, values, set(kind.model_fields))
        try:
            return kind.model_validate(dict(values), strict=False)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.file.refused((*where, *first["loc"]), f"{first['msg']}.") from error

    def mapping(self, where: Path, value: object) -> dict[str, Any]:
        """Return a part that holds things by name. Raises `FileInvalid` for another."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.file.refused(where, "names are expected here, each with its settings.")
        return value

    async def doing(self, where: Path, act: Awaitable[Any]) -> Any:
        """Do something; what its service refuses is told with the line."""
        try:
            return await act
        except DomainError as error:
            raise self.file.refused(where, error.detail) from error
