"""Places on a page that a slice above may fill: the page knows no more than that they are there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, current_app
from markupsafe import Markup


class Place(StrEnum):
    # Beside a request for help, for agents.
    TICKET = "ticket"
    # On the requester's own page.
    REQUEST = "request"


@dataclass(frozen=True)
class Subject:
    """The request that the page is about."""

    reference: str
    # Of the requester, as they gave it.
    email: str
    is_done: bool


# What stands in the place, as HTML that is safe to show; '' for nothing.
Panel = Callable[[Subject], str]


def init_app(app: Flask, panels: Mapping[Place, Sequence[Panel]]) -> None:
    """Say which panels stand in which place."""
    app.extensions["panels"] = panels


def panels_of(place: Place, subject: Subject) -> list[Markup]:
    """What the slices above show there; each was made by a template, which escaped what is in it."""
    panels: Sequence[Panel] = current_app.extensions["panels"].get(place, ())
    return [Markup(shown) for panel in panels if (shown := panel(subject))]  # noqa: S704
