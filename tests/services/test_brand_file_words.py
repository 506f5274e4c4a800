"""Whatever people write comes back from a brand's file word for word."""

from hypothesis import example, given
from hypothesis import strategies as some

from services.brand_file.tree import Entries, Listing, Scalar, parse
from services.brand_file.writing import dumped

WORDS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


@given(WORDS)
@example("no")
@example("null")
@example("")
@example("12:30")
@example(" a\n  b \n\n")
@example("a\x85b\u2028c\r\nd\ufeff")
@example("# {x}: [*a, &b] | > ! % @ `" + " long" * 60)
def test_words_come_back_as_they_were(words: str) -> None:
    section = parse(dumped({"texts": [words, {words: words}]})).values["texts"]
    assert isinstance(section, Listing)
    plain, table = section.items
    assert isinstance(plain, Scalar)
    assert isinstance(table, Entries)
    assert (plain.text, plain.is_nothing) == (words, False)
    assert isinstance(found := table.values[words], Scalar)
    assert found.text == words
