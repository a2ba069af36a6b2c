"""Absolute links for mails, from the configured public address and never from a request."""

from helpdesk.settings import in_use


def absolute(path: str) -> str:
    """The address that people use for this path of the service."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a path starts with one slash")
    return in_use().public_url + path
