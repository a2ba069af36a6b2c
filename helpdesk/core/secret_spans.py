"""Where in a text a secret stands, and of which kind it is."""

from dataclasses import dataclass
from enum import StrEnum


class SecretKind(StrEnum):
    """The kinds of secrets and patient data that are never kept."""

    SETUP_LINK = "setup_link"
    SETUP_KEY = "setup_key"
    ACTIVATION_CODE = "activation_code"
    SECURITY_CODE = "security_code"
    PASSWORD = "password"  # noqa: S105  # the name of a kind
    NHS_NUMBER = "nhs_number"
    CARD_NUMBER = "card_number"


@dataclass(frozen=True)
class Span:
    """From the first character of a secret to the one after its last."""

    start: int
    end: int
    kind: SecretKind
