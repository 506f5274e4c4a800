"""Scopes of settings: the whole account, a line, a skill or a connector."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, Connector, Line, Skill
from domain.automatic.wordings import TextLanguages
from domain.errors import NotFound
from domain.language_settings import TextPrecedence
from domain.languages import SUPPORTED, check_language, name_of
from domain.policy.entry_skill import entry_skill
from domain.settings.resolution import Source
from domain.settings.scope import Origin, Scope
from services.caller import Caller
from services.configuring import account, automatic_messages, connectors, lines, skills
from web.frame import AdminsFrame
from web.words import mark, said

PRODUCT = mark("Product")
"""The source of a text that nobody set."""


class ScopeKind(StrEnum):
    account = "account"
    line = "line"
    skill = "skill"
    connector = "connector"


@dataclass(frozen=True)
class PageScope:
    """A scope on a page. `key` names it in addresses and forms, empty for the whole account."""

    kind: ScopeKind
    id: str | None
    name: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else ""

    @property
    def line(self) -> str | None:
        return self.id if self.kind is ScopeKind.line else None

    @property
    def skill(self) -> str | None:
        return self.id if self.kind is ScopeKind.skill else None

    @property
    def connector(self) -> str | None:
        return self.id if self.kind is ScopeKind.connector else None

    @property
    def settings_scope(self) -> Scope:
        """The scope as settings name it."""
        return Scope(self.line, self.skill, self.connector)


@dataclass(frozen=True)
class Brand:
    """The parts of an account that can have settings of their own."""

    account: Account
    lines: Sequence[Line]
    skills: Sequence[Skill]
    connectors: Sequence[Connector]
    text_languages: Sequence[str]
    """Languages the account has written texts in."""
    consumer_languages: Sequence[str]
    """Languages its consumers are known to write."""

    def scope(self, key: str) -> PageScope:
        """Return the scope a key names. Raises `NotFound`."""
        for scope in self.every():
            if scope.key == key:
                return scope
        raise NotFound

    def every(self) -> Iterator[PageScope]:
        """Yield the account, then its lines, skills and connectors."""
        yield PageScope(ScopeKind.account, None, self.account.name)
        for line in self.lines:
            yield PageScope(ScopeKind.line, line.id, line.name)
        for skill in self.skills:
            yield PageScope(ScopeKind.skill, skill.id, skill.name)
        for connector in self.connectors:
            yield PageScope(ScopeKind.connector, connector.id, connector.name)

    def grouped(self, *kinds: ScopeKind) -> list[tuple[ScopeKind, list[PageScope]]]:
        """Return scopes to choose from, by kind; kinds without any are left out."""
        scopes = list(self.every())
        groups = [(kind, [scope for scope in scopes if scope.kind is kind]) for kind in kinds]
        return [(kind, found) for kind, found in groups if found]

    def applying(self, scope: PageScope) -> Scope:
        """Return the scopes whose settings apply: for a line, also its skill and its connector."""
        line = next((line for line in self.lines if line.id == scope.line), None)
        if line is None:
            return scope.settings_scope
        skill = entry_skill(line.entry_skill_id, self.account.default_skill_id).skill_id
        return Scope(line.id, skill, line.connector_id)

    def source(self, of: Source) -> str:
        """Return the name of the scope a setting was made for."""
        if of.origin is Origin.default:
            return said(PRODUCT)
        return next(
            (scope.name for scope in self.every() if scope.settings_scope == of.scope),
            said(PRODUCT),
        )

    def language(self, wanted: str) -> str:
        """Return the language that is wanted, by default the account's. Raises `Invalid`."""
        if wanted:
            check_language(wanted)
        return wanted or self.account.language

    def tongue(self, language: str) -> TextLanguages:
        """Return what decides the language of texts to those who write one."""
        return TextLanguages(
            language, self.account.language, TextPrecedence(self.account.text_precedence)
        )

    def languages(self, shown: str) -> list[tuple[str, str]]:
        """Return the languages to choose from, with their names, and what is shown among them.

        The account's comes first, then those of its lines, then those we have texts in.
        """
        of_lines = [line.language for line in self.lines if line.language]
        codes = dict.fromkeys(
            [self.account.language, *of_lines, *SUPPORTED, *self.text_languages, shown]
        )
        return [(code, name_of(code)) for code in codes]

    def wanted(self) -> list[str]:
        """Return the languages a text should exist in: of account, lines, consumers and texts."""
        of_lines = [line.language for line in self.lines if line.language]
        every = [self.account.language, *of_lines, *self.consumer_languages, *self.text_languages]
        return list(dict.fromkeys(every))

    def example(self, scope: PageScope) -> Line | None:
        """Return the line on which a scope's texts are shown; None while there is none."""
        fitting = [
            line
            for line in self.lines
            if line.id == scope.line
            or line.entry_skill_id == scope.skill
            or line.connector_id == scope.connector
        ]
        return next(iter([*fitting, *self.lines]), None)


async def load_brand(caller: Caller, session: AsyncSession) -> Brand:
    """Return the parts of an account that are in use."""
    texts = await automatic_messages.listed(caller, session)
    return Brand(
        account=await account.show(caller, session),
        lines=[one.line for one in await lines.listed(caller, session)],
        skills=[one.skill for one in await skills.listed(caller, session)],
        connectors=await connectors.listed(caller, session),
        text_languages=sorted({row.language for row in texts}),
        consumer_languages=await account.consumers_languages(caller, session),
    )


async def get_brand(frame: AdminsFrame) -> Brand:
    return await load_brand(frame.caller, frame.session)


BrandDep = Annotated[Brand, Depends(get_brand)]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""The row of a text, a timer or a survey."""
