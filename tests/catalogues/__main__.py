"""Keeps the catalogues of the interface: `poe words` brings them up to date.

With `--check`, nothing is written: what a language lacks is told.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.catalogues.found import Found, Sentence
from tests.catalogues.names import names
from tests.catalogues.python import of_pages, of_rules
from tests.catalogues.templates import of_scripts, of_templates
from tests.docs.pages import ROOT
from translations.catalogue import ISLAND, LOCALE, PAGES, RULES
from translations.reader import ENGLISH, LANGUAGES

WEB = ROOT / "web"
WIDTH = 100
KEPT = re.compile(r"\{\w+\}|<[^>]+>")
"""What a translation has as its English sentence has it: places and tags."""


def main() -> int:
    """Bring catalogues up to date, or check them; return how many faults there are."""
    found = {
        PAGES: [*of_pages(WEB), *of_templates(WEB)],
        ISLAND: list(of_scripts(WEB)),
        RULES: list(of_rules()),
    }
    every = [one for sentences in found.values() for one in sentences]
    faults = [f"{one.where}: write the sentence literally" for one in every if not one.sentence]
    for domain, sentences in said(found):
        for language in LANGUAGES.keys() - {ENGLISH}:
            faults += _kept_up(language, domain, sentences)
    for fault in faults:
        print(fault)
    return len([one for one in faults if LACKS not in one])


LACKS = "lacks"


def said(found: dict[str, list[Found]]) -> Iterator[tuple[str, list[Sentence]]]:
    """Yield each catalogue with its sentences. What pages say is not said again for the rules."""
    known: set[str] = set()
    for domain, every in found.items():
        sentences = [one.sentence for one in every if one.sentence is not None]
        if domain == PAGES:
            sentences += [Sentence(name) for name in names()]
            known.update(one.one for one in sentences)
        elif domain == RULES:
            sentences = [one for one in sentences if one.one not in known]
        yield domain, sentences


def _kept_up(language: str, domain: str, sentences: Iterable[Sentence]) -> list[str]:
    """Write a catalogue of these sentences, unless it is only checked; return its faults."""
    path = LOCALE / language / f"{domain}.po"
    before = path.read_bytes()
    catalogue = read_po(BytesIO(before), locale=language, domain=domain)
    wanted = Catalog()
    for one in sentences:
        wanted.add((one.one, one.many) if one.many else one.one)
    catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    if "--check" not in sys.argv:
        path.write_bytes(_header(before) + _written(catalogue))
    return [f"{language}/{domain}.po: {fault}" for one in catalogue for fault in _faults(one)]


def _faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with a translation: there is none, or it has other places or tags."""
    english = (message.id,) if isinstance(message.id, str) else message.id
    given = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    if not english[0]:
        return
    if not all(given):
        yield f"{LACKS} {english[0]!r}"
    elif any(_kept(one) not in [_kept(each) for each in english] for one in given):
        yield f"has other places or tags than {english[0]!r}"


def _kept(sentence: str) -> list[str]:
    return sorted(KEPT.findall(sentence))


def _header(before: bytes) -> bytes:
    """Return what stands above the sentences: the glossary, and how plurals are made."""
    return before.partition(b"\n\n")[0] + b"\n\n"


def _written(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
