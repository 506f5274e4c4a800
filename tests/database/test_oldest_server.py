"""The oldest PostgreSQL that we work with is 15: docs/operations.md says so."""

import re
from pathlib import Path

LATER = (
    *("any_value", "array_sample", "array_shuffle", "array_sort", "array_reverse"),
    *("casefold", "crc32", "date_add", "date_subtract", "erfc?", "gamma", "lgamma"),
    *("json_array(?!_)", "json_arrayagg", "json_object(?!_)", "json_objectagg"),
    *("json_exists", "json_query", "json_scalar", "json_serialize", "json_table", "json_value"),
    *("random_normal", "reverse_bytes", "to_bin", "to_oct", "unicode_assigned", "uuid_extract_"),
    *("uuidv4", "uuidv7", "xmltext"),
)
"""Functions that came with PostgreSQL 16, 17 and 18, as their release notes list them."""
STATEMENTS = (*Path("database").rglob("*.py"), *Path("services").rglob("*.py"))


def test_no_statement_has_a_function_that_it_lacks() -> None:
    later = re.compile(rf"(?:\bfunc\.|(?<![.\w]))(?:{'|'.join(LATER)})\(")
    used = {str(file): found for file in STATEMENTS if (found := later.findall(file.read_text()))}
    assert used == {}
