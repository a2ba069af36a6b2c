"""The test client: a browser without JavaScript that reads every page strictly and fills in forms as they are.

page = client.get("/sign-in")
answer = client.submit(page, button="Log in", email="ben@example.org", password="…")
assert client.follow(answer).has("Log out")
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpdesk.audit.service import has_unkept_rows
from helpdesk.db import db
from tests.html import Node, parse, single_spaced
from tests.page_rules import problems_of


@dataclass(frozen=True)
class Link:
    text: str
    url: str


class Page(TestResponse, Response):  # type: ignore[misc]  # the two differ in a default that is never used
    """An answer; of a page, what a person sees."""

    @property
    def html(self) -> str:
        """The answer as it was sent."""
        return self.get_data(as_text=True)

    @cached_property
    def tree(self) -> Node:
        return parse(self.html)

    @property
    def is_page(self) -> bool:
        return self.mimetype == "text/html" and not 300 <= self.status_code < 400 and bool(self.get_data())

    @property
    def text(self) -> str:
        """The words a person can read, spaces made single."""
        return self.tree.text if self.is_page else self.html

    @property
    def heading(self) -> str:
        return next(self.tree.find_all("h1")).text

    @property
    def title(self) -> str:
        return single_spaced("".join(str(part) for part in next(self.tree.find_all("title")).inside))

    @property
    def links(self) -> list[Link]:
        return [
            Link(node.text or node["aria-label"], node["href"]) for node in self.tree.find_all("a") if "href" in node
        ]

    @property
    def forms(self) -> "list[Form]":
        return [Form(node, self.request.path) for node in self.tree.find_all("form")]

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        return [item.text for summary in self.tree.with_class("nhsuk-error-summary") for item in summary.find_all("li")]

    def has(self, words: str) -> bool:
        """Whether a person can read these words here."""
        return single_spaced(words) in self.text

    def link(self, text: str) -> str:
        """The address that the link with these words leads to."""
        found = {link.url for link in self.links if link.text == text}
        assert len(found) == 1, f"{len(found)} addresses for {text!r} among {[link.text for link in self.links]}"
        return found.pop()

    def form(self, button: str | None = None, *names: str) -> "Form":
        """The form with this button and these fields; forms of the page itself come before those of its header."""
        fitting = [form for form in self.forms if form.fits(button, names)]
        fitting = [form for form in fitting if form.node.is_inside("main")] or fitting
        assert fitting, f"no form with button {button!r} and fields {names} among {[str(form) for form in self.forms]}"
        assert len(fitting) == 1, f"{len(fitting)} forms fit button {button!r} and fields {names}"
        return fitting[0]


class Form:
    """A form as the browser holds it: what is typed, ticked and chosen already."""

    def __init__(self, node: Node, path: str) -> None:
        self.node, self.path = node, path
        self.controls = [
            control
            for control in node.find_all("input", "select", "textarea")
            if control["name"] and "disabled" not in control and control["type"] not in {"submit", "button", "image"}
        ]
        self.names = {control["name"] for control in self.controls}
        self.buttons = [
            button
            for button in node.find_all("button", "input")
            if button["type"] in ({"", "submit"} if button.tag == "button" else {"submit"})
        ]

    def __str__(self) -> str:
        return f"{self.node['action']} {sorted(self.names)} {[_words(button) for button in self.buttons]}"

    def fits(self, button: str | None, names: tuple[str, ...]) -> bool:
        return set(names) <= self.names and (button is None or any(_words(b) == button for b in self.buttons))

    @property
    def values(self) -> dict[str, list[Any]]:
        """What the browser would send if nothing was changed. Any: a value may become a file."""
        values: dict[str, list[Any]] = {}
        for control in self.controls:
            for value in _sent(control):
                values.setdefault(control["name"], []).append(value)
        return values

    def offered(self, name: str) -> set[str] | None:
        """The values that can be chosen, or None where anything can be typed."""
        controls = [control for control in self.controls if control["name"] == name]
        if controls[0].tag == "select":
            return {_option_value(option) for option in controls[0].find_all("option")}
        if controls[0]["type"] == "radio":
            return {control["value"] for control in controls}
        return None

    def filled(self, button: str | None, changes: dict[str, Any]) -> dict[str, list[Any]]:
        """What is sent after these changes, by that button. Any: text, a tick, several choices, or a file."""
        values = self.values
        for name, value in changes.items():
            assert name in self.names, f"no field {name!r} among {sorted(self.names)}"
            values[name] = _typed(value)
            offered = self.offered(name)
            assert offered is None or set(values[name]) <= offered, f"{value!r} is not offered for {name!r}: {offered}"
        pressed = next((b for b in self.buttons if button is None or _words(b) == button), None)
        if pressed is not None and pressed["name"]:
            values[pressed["name"]] = [pressed["value"]]
        return values


class PageClient(FlaskClient):
    """Each request has an application context and a database session of its own, as on a server."""

    def __init__(self, app: Flask, *args: Any, **kwargs: Any) -> None:  # Any: passed through to Flask
        kwargs["response_wrapper"] = Page
        super().__init__(app, *args[1:], **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> Page:  # Any: passed through to Flask
        db.session.commit()  # what the test has set up is there for the server, and what it has read is read anew
        with self.application.app_context(), _UnsavedChanges() as unsaved:
            page = super().open(*args, **kwargs)
            assert isinstance(page, Page)
            if page.status_code < 500:
                unsaved.refuse(page)
        if page.is_page:
            problems = problems_of(page.tree)
            assert not problems, f"{page.request.path}:\n" + "\n".join(problems)
        return page

    def get(self, *args: Any, **kwargs: Any) -> Page:
        return self.open(*args, **kwargs, method="GET")

    def post(self, *args: Any, **kwargs: Any) -> Page:
        return self.open(*args, **kwargs, method="POST")

    def submit(self, page: Page, *, button: str | None = None, **changes: Any) -> Page:
        """Send a form of the page with all it holds, hidden fields included. Any: text, a tick, choices, or a file."""
        form = page.form(button, *changes)
        return self.send(form, button=button, **changes)

    def send(self, form: Form, *, button: str | None = None, **changes: Any) -> Page:
        """Send this very form, where a page has several that look alike. Any: as in `submit`."""
        values = form.filled(button, changes)
        url = urljoin(form.path, form.node["action"] or form.path)
        if form.node["method"].lower() == "post":
            return self.post(url, data=values)
        return self.get(url, query_string=values)

    def follow(self, page: Page) -> Page:
        """Go where the answer sends the browser, until a page is shown."""
        while page.status_code in {301, 302, 303, 307, 308}:
            page = self.get(page.location)
        return page


class _UnsavedChanges:
    """Notices what a request wrote to its database session and never committed nor took back."""

    def __enter__(self) -> "_UnsavedChanges":
        self.flushed: set[str] = set()
        self._session = db.session()
        event.listen(self._session, "after_flush", self._note)
        event.listen(self._session, "after_commit", self._forget)
        event.listen(self._session, "after_rollback", self._forget)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._session, "after_flush", self._note)
        event.remove(self._session, "after_commit", self._forget)
        event.remove(self._session, "after_rollback", self._forget)

    def refuse(self, page: Page) -> None:
        session = db.session
        unsaved = {
            type(row).__name__ for row in (*session.new, *session.dirty, *session.deleted) if session.is_modified(row)
        }
        unsaved |= self.flushed
        unsaved |= {"AuditEvent"} if has_unkept_rows() else set()
        assert not unsaved, (
            f"{page.request.method} {page.request.path} changed {sorted(unsaved)} and did not commit (@commits)"
        )

    def _note(self, session: Session, _context: object) -> None:
        self.flushed |= {type(row).__name__ for row in (*session.new, *session.dirty, *session.deleted)}

    def _forget(self, _session: Session) -> None:
        self.flushed.clear()


def _words(button: Node) -> str:
    return button.text or button["value"] or button["aria-label"]


def _sent(control: Node) -> list[str]:
    """What a control sends as it stands."""
    if control.tag == "textarea":
        return [_typed_lines("".join(str(part) for part in control.inside))]
    if control.tag == "select":
        options = list(control.find_all("option"))
        chosen = [option for option in options if "selected" in option] or (
            [] if "multiple" in control else options[:1]
        )
        return [_option_value(option) for option in chosen]
    if control["type"] in {"radio", "checkbox"}:
        return [control["value"] or "on"] if "checked" in control else []
    return [] if control["type"] == "file" else [control["value"]]


def _typed_lines(text: str) -> str:
    """As HTML has it: a newline right after <textarea> does not count, and lines are sent with both ends."""
    return text.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")


def _typed(value: Any) -> list[Any]:  # Any: text, a tick, several choices, or a file
    if value is True:
        return ["on"]
    if value is False or value is None:
        return []
    return list(value) if isinstance(value, list) else [value if isinstance(value, tuple) else str(value)]


def _option_value(option: Node) -> str:
    return option.attributes.get("value", option.text)
