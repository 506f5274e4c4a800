"""Which passwords are fit: long ones that are not the first to be guessed (ours, after NIST SP
800-63B: length, and a list of what is common; no rules about kinds of characters).
"""

import re

from domain.errors import Invalid

SHORTEST = 10
LONGEST = 200
"""Ours: far beyond what anybody types, so that hashing one stays cheap."""
FEWEST_CHARACTERS = 5
"""Different ones."""
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
"""Neighbours in the alphabet and on keyboards."""
COMMON = frozenset(
    {
        *("password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "motdepasse", "contrasena"),
        *("contraseña", "senha", "wachtwoord", "parola", "haslo", "qwerty", "qwertz", "azerty"),
        *("letmein", "welcome", "willkommen", "bienvenue", "bienvenido", "changeme", "default"),
        *("admin", "administrator", "superuser", "manager", "agent", "support", "switchboard"),
        *("iloveyou", "ichliebedich", "teamo", "jetaime", "sunshine", "princess", "football"),
        *("baseball", "basketball", "superman", "batman", "dragon", "monkey", "master", "secret"),
        *("trustno", "starwars", "pokemon", "computer", "internet", "samsung", "michael", "jordan"),
        *("summer", "winter", "spring", "autumn", "sommer", "herbst", "test", "testing", "guest"),
        *("login", "whatever", "freedom", "abc", "asdf", "qazwsx", "zaq", "hello", "hallo"),
    }
)
"""Words that alone, twice, or with digits and signs around them are no password."""


def check_password(password: str, email: str, name: str = "") -> None:
    """Raise `Invalid` for a password that is guessed first, or made of whose it is."""
    if len(password) < SHORTEST:
        raise Invalid(f"The password needs {SHORTEST} characters at least.")
    if len(password) > LONGEST:
        raise Invalid(f"The password may have {LONGEST} characters at most.")
    given = password.strip().lower()
    if len(set(given)) < FEWEST_CHARACTERS or _is_run(given) or _word(given) in COMMON:
        raise Invalid("This password is among the first to be guessed. Choose another one.")
    if given == email.strip().lower() or _word(given) in _own(email, name):
        raise Invalid("A password may not be made of the person's own name or e-mail address.")


def _is_run(given: str) -> bool:
    return any(given in run or given in run[::-1] for run in RUNS)


def _word(text: str) -> str:
    """Return the word in the middle of digits and signs; once, where it is repeated."""
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for length in range(3, len(word) // 2 + 1):
        if len(word) % length == 0 and word == word[:length] * (len(word) // length):
            return word[:length]
    return word


def _own(email: str, name: str) -> set[str]:
    local, _, host = email.strip().lower().partition("@")
    names = {name.lower(), name.lower().replace(" ", ""), *name.lower().split()}
    own = {local, host, host.partition(".")[0], email.lower(), *names}
    return {_word(one) for one in own} - {""}
