"""`@Name` in a note: whom it means."""

from collections.abc import Sequence

import pytest

from domain.notices.mentions import MOST, mentioned

PEOPLE = {
    "ann": "Ann",
    "mia": "Mia Meyer",
    "mia-2": "Mia Meyer",
    "ben": "Ben Öz",
    "benno": "Benno",
    "li": "李雷",
    "none": "  ",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann can you look?", ["ann"]),
        ("(@ann), @ANN: twice is once", ["ann"]),
        ("@Ben öz and @Benno", ["ben", "benno"]),
        ("@ben alone", ["ben"]),
        ("@Bennox is nobody", []),
        ("mail ann@ann.example", []),
        ("@李雷 ok", ["li"]),
        ("@Mia Meyer is two people", []),
        ("＠Ann in full width", ["ann"]),
        ("@ Ann, @@, @", []),
    ],
)
def test_a_name_is_whole_or_a_first_name_that_one_person_has(
    text: str, found: Sequence[str]
) -> None:
    assert mentioned(text, PEOPLE) == found


def test_whoever_was_picked_decides_between_people_of_one_name() -> None:
    assert mentioned("@Mia Meyer, please", PEOPLE, {"mia-2", "ann"}) == ["mia-2"]
    assert mentioned("@Mia, please", PEOPLE, {"mia"}) == ["mia"]


def test_a_note_names_a_limited_number_of_people() -> None:
    crowd = {f"p{n}": f"Person{n}" for n in range(100, 150)}
    text = " ".join(f"@{name}" for name in crowd.values())
    assert len(mentioned(text, crowd)) == MOST
