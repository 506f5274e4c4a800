"""The rules for passwords, after NIST SP 800-63B: a minimum length, a list of common passwords, and
no rules about kinds of characters.
"""

import re

from domain.errors import Invalid

SHORTEST = 10
"""Ours: above the 8 that NIST SP 800-63B requires."""
LONGEST = 200
"""Ours: far longer than anybody types, and short enough to hash cheaply."""
FEWEST_CHARACTERS = 5
"""Different characters. Ours: fewer are a repetition such as `abababab`."""
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
"""Words that make a weak password, alone, repeated, or with digits and signs around them."""


def check_password(password: str, email: str, name: str = "") -> None:
    """Raise `Invalid` for a password that is easily guessed or made from its owner's data."""
    if len(password) < SHORTEST:
        raise Invalid(f"The password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise Invalid(f"The password may have at most {LONGEST} characters.")
    given = password.strip().lower()
    if len(set(given)) < FEWEST_CHARACTERS or _is_run(given) or _word(given) in COMMON:
        raise Invalid("This password is easy to guess. Choose another one.")
    if given == email.strip().lower() or _word(given) in _own(email, name):
        raise Invalid("A password may not be made from the person's name or e-mail address.")


def _is_run(given: str) -> bool:
    return any(given in run or given in run[::-1] for run in RUNS)


def _word(text: str) -> str:
    """Return the word between digits and signs; a repeated word is returned once."""
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
