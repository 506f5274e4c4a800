"""What a kind of setting does to stand in a file: a module of `kinds` for each.

A new kind is a class with its fields and four short methods, in a module of its own, and a line in
`kinds.catalogue`.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from services.brand_file.fields import Field
from services.brand_file.names import Names
from services.caller import Caller
from services.configuring.connectors import KnownProviders, Secret
from services.configuring.endpoints import Signing

Values = Mapping[str, JsonValue]
Changed = TypeVar("Changed")
New = TypeVar("New")


@dataclass(frozen=True)
class Outfit:
    """What an installation sets things up with. `public_url`: of our own pages."""

    providers: KnownProviders
    signing: Signing
    public_url: str

    @property
    def own_origin(self) -> str:
        """Scheme and host of our own pages."""
        address = urlsplit(self.public_url)
        return f"{address.scheme}://{address.netloc}"


@dataclass
class On:
    """The account that a file is compared with or applied to, within one transaction.

    `is_trial`: it will be rolled back, so made-up credentials stand for those not given yet.
    `secrets`: credentials of connectors to add, by the connector's name.
    """

    caller: Caller
    session: AsyncSession
    outfit: Outfit
    names: Names
    is_trial: bool = False
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class There:
    """Something that the account has. `values`: in the file's words, one for each field."""

    id: str
    values: Values


class Kind(ABC):
    """Things of one kind. `section`: its key in a file; `one`: what a thing of it is called.

    `key`: the fields that tell things apart, whose values never change but for a name. `is_whole`:
    the account has exactly one.
    """

    section: ClassVar[str]
    one: ClassVar[str]
    tables: ClassVar[Collection[str]]
    """Tables of settings that stand in this section."""
    fields: ClassVar[tuple[Field, ...]]
    key: ClassVar[tuple[str, ...]] = ("name",)
    is_whole: ClassVar[bool] = False
    bare: ClassVar[str | None] = None
    """The one field of a section that is a plain list."""
    note: ClassVar[str] = ""
    """What is not in the file, and where it is."""

    @abstractmethod
    async def present(self, on: On) -> list[There]:
        """Return what the account has, in a stable order."""

    @abstractmethod
    async def add(self, on: On, values: Values) -> str:
        """Add a thing; returns its id. Late fields have their defaults."""

    @abstractmethod
    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        """Change the fields `keys` of a thing."""

    @abstractmethod
    async def retire(self, on: On, row_id: str) -> None:
        """Retire a thing, or remove it."""

    def label(self, values: Values) -> str:
        """Return what a thing is called in plans."""
        return ", ".join(str(values[one]) for one in self.key if values[one] is not None)

    def identity(self, values: Values) -> tuple[JsonValue, ...]:
        return tuple(values[one] for one in self.key)

    @property
    def is_renamed(self) -> bool:
        """Say whether a thing is told by a name, which may change: `was` is the old one."""
        return self.key == ("name",) and not self.is_whole

    def change_of(
        self, make: type[Changed], on: On, values: Values, keys: Collection[str]
    ) -> Changed:
        """Return a service's change of the fields `keys`."""
        return make(**self._meant(on, values, keys))

    def new_of(self, make: type[New], on: On, values: Values, **more: Any) -> New:
        """Return what a service makes a new thing of, from its fields and `more`."""
        known = set(getattr(make, "__dataclass_fields__", {}))
        early = [
            one.key
            for one in self.fields
            if one.attribute in known - more.keys()
            and not (one.is_late or (one.keeps and values[one.key] is None))
        ]
        return make(**self._meant(on, values, early), **more)

    def _meant(self, on: On, values: Values, keys: Collection[str]) -> dict[str, Any]:
        return {
            one.attribute: one.form.meant(values[one.key], on.names)
            for one in self.fields
            if one.key in keys
        }

    def shown(self, on: On, row: object, **more: JsonValue) -> Values:
        """Return a row's values; `more`: those that are not its attributes."""
        return {
            one.key: more[one.key]
            if one.key in more
            else one.form.shown(getattr(row, one.attribute), on.names)
            for one in self.fields
        }


class Whole(Kind):
    """What an account has exactly one of, from its beginning to its end."""

    key, is_whole = (), True

    async def add(self, on: On, values: Values) -> str:  # noqa: ARG002
        raise TypeError(f"every account has its {self.one}")

    async def retire(self, on: On, row_id: str) -> None:  # noqa: ARG002
        raise TypeError(f"every account keeps its {self.one}")
