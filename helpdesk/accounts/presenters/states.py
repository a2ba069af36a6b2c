"""What is asked before an account changes its state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A change of state: what it is called, what follows from it, and the word on the button."""

    title: str
    follows: tuple[str, ...]
    button: str
    is_for_good: bool = False


QUESTIONS = {
    "freeze": Question(
        "Freeze the account",
        ("They are logged out everywhere at once.", "They cannot log in until you unfreeze the account."),
        "Freeze the account",
    ),
    "unfreeze": Question(
        "Unfreeze the account",
        ("They can log in again with the password they had.",),
        "Unfreeze the account",
    ),
    "leave": Question(
        "Mark as left",
        (
            "They are logged out everywhere at once.",
            "Every role ends. You cannot take this back.",
            "Their email address stays taken until the account is erased.",
        ),
        "Mark as left",
        is_for_good=True,
    ),
    "erase": Question(
        "Erase this account",
        (
            "Their name and email address are deleted. You cannot take this back.",
            "The email address can be used for a new account.",
            "The audit log keeps what was done, without their name.",
        ),
        "Erase the account",
        is_for_good=True,
    ),
}
