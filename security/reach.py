"""The proof that this installation, and no other, answered a question."""

from security.signatures import Signatures

LONGEST_NONCE = 64
"""Characters. Ours."""


def proof_of(signatures: Signatures, nonce: str) -> str:
    """Return the answer to a nonce: no other installation has the keys."""
    return signatures.sign(_question(nonce))


def is_proof(signatures: Signatures, nonce: str, answer: str) -> bool:
    """Say whether this installation answered: perhaps a process with another key first."""
    return signatures.is_ours(_question(nonce), answer)


def _question(nonce: str) -> bytes:
    return f"reached/{nonce}".encode()
