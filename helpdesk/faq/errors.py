"""What cannot be done with the FAQ."""

from collections.abc import Iterable

from helpdesk.core.errors import NotFound, RuleRefused


class NoSuchAnswer(NotFound):
    message = "We cannot find that answer. It may have moved."


class NoSuchTopic(NotFound):
    message = "We cannot find that topic. It may have moved."


class LibraryUnreadable(Exception):
    """There is not one answer to give: every file is broken, or the folder is the wrong one."""

    def __init__(self, folder: object, problems: Iterable[object]) -> None:
        super().__init__("\n  ".join([f"No FAQ answer could be read from {folder}", *map(str, problems)]))


class AnswerExists(RuleRefused):
    message = "There is an answer of this name in this topic. Change the question, or edit that answer"


class FileBroken(RuleRefused):
    """The answer's file cannot be read, so there is nothing to fill a form with."""


class FolderReadOnly(RuleRefused):
    message = (
        "The answers’ folder cannot be written to from here, so nothing was published. "
        "Copy your text, and change the file where it is kept."
    )
