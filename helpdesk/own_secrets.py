"""The service's own secrets: how strong each must be, and where development keeps those that nobody set."""

import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet

# Of 32 random bytes in base64 most differ; of a word that somebody repeated, few.
LEAST_DIFFERENT_IN_A_KEY = 16


def is_sealing_key(text: str) -> bool:
    """Whether an authenticator's key can be encrypted with this: 32 bytes in URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def unsafe_secrets(secret_key: str, audit_key: str, mfa_keys: Sequence[str]) -> list[str]:
    """What is too weak for production, each beginning with the setting's name; the audit key may be empty."""
    wrong = []
    if _is_weak(secret_key):
        wrong.append("SECRET_KEY: needs at least 32 characters in production, not the same few again")
    if audit_key and (_is_weak(audit_key) or audit_key == secret_key):
        wrong.append("AUDIT_KEY: needs at least 32 characters in production, other than the secret key's")
    if not mfa_keys:
        wrong.append("MFA_KEYS: must be set in production: openssl rand -base64 32 | tr +/ -_")
    if any(len(set(key.rstrip("="))) < LEAST_DIFFERENT_IN_A_KEY for key in mfa_keys):
        wrong.append("MFA_KEYS: a key must be random, not the same few characters again")
    # One secret for two purposes would let whoever finds the one have both.
    if secret_key in mfa_keys:
        wrong.append("MFA_KEYS: must be another secret than HELPDESK_SECRET_KEY")
    if audit_key in mfa_keys:
        wrong.append("MFA_KEYS: must be another secret than HELPDESK_AUDIT_KEY")
    return wrong


def kept_secret(path: Path, new: str) -> str:
    """What the file holds, or from now on this new secret, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new)
    return path.read_text()


def _is_weak(secret: str) -> bool:
    return len(secret) < 32 or len(set(secret)) < 10
