"""Nothing that people type becomes markup: every template escapes, and every macro is tried with hostile text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import DictLoader
from jinja2.runtime import Macro
from markupsafe import escape
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are older than it

from tests.apps import ROOT, TestApps
from tests.html import parse

EVIL = """<img src=x onerror=alert(1)>"'"""
MACROS = ROOT / "helpdesk/web/templates/web/macros"
EVIL_ATTRIBUTES = {"onerror", "onload"}

# Each macro with hostile text in every place where text goes. `evil` is the text, `form` holds it in every field.
SAMPLES = {
    "button.html": {
        "csrf_field": "{{ csrf_field() }}",
        "button": "{{ button(evil, name=evil, value=evil, hidden_text=evil) }}",
        "link_button": "{{ link_button(evil, evil) }}",
        "post_button": "{{ post_button(evil, evil, hidden={evil: evil}, hidden_text=evil) }}",
    },
    "card.html": {"card": "{% call card(evil, kind=evil, id=evil) %}{{ evil }}{% endcall %}"},
    "chart.html": {"stacked_bar_chart": "{{ stacked_bar_chart(chart) }}"},
    "chat.html": {
        "log": "{% call log(evil, id=evil, news=evil) %}<li>{{ evil }}</li>{% endcall %}",
        "person_message": "{{ person_message(evil, evil, evil, author=evil, id=evil, notice=evil) }}",
        "helpdesk_message": "{% call helpdesk_message(evil, evil, evil, id=evil) %}{{ evil }}{% endcall %}",
        "answer": "{{ answer(evil, evil, reviewed=evil, url=evil, related=[(evil, evil)]) }}",
        "options": "{{ options(evil, [(evil, evil)], evil, name=evil, hidden={evil: evil}) }}",
        "event": "{{ event(evil, evil, evil, id=evil) }}",
        "waiting": "{{ waiting(evil) }}",
        "composer": "{{ composer(form.text, evil, evil, hint=evil, hidden={evil: evil}) }}",
    },
    "data_table.html": {"data_table": "{{ data_table(evil, [evil, evil], [(evil, evil)]) }}"},
    "empty.html": {"empty": "{{ empty(evil, evil, url=evil, link=evil) }}"},
    "error_summary.html": {"error_summary": "{{ error_summary(form) }}"},
    "field.html": {
        "nhs_field": "{% for field in form %}{{ nhs_field(field, hint=evil, hints={evil: evil},"
        " conditional={evil: evil}, autocomplete=evil, label_size=evil) }}{% endfor %}",
    },
    "pagination.html": {"pagination": "{{ pagination(evil, evil, evil, evil, label=evil) }}"},
    "panel.html": {"panel": "{% call panel(evil, [(evil, evil)]) %}{{ evil }}{% endcall %}"},
    "summary_list.html": {
        "summary_list": "{{ summary_list([(evil, evil)]) }}{{ summary_list([(evil, evil)], compact=True) }}"
    },
    "tag.html": {"tag": "{{ tag(evil, evil) }}"},
}
CASES = [(file, macro) for file, macros in SAMPLES.items() for macro in macros]


class EvilForm(Form):
    text = TextAreaField(EVIL)
    line = StringField(EVIL)
    email = EmailField(EVIL)
    secret = PasswordField(EVIL)
    hidden = HiddenField(EVIL)
    tick = BooleanField(EVIL)
    one = RadioField(EVIL, choices=[SelectChoice(EVIL, EVIL)])
    many = SelectField(EVIL, choices=[SelectChoice(EVIL, EVIL)])


@pytest.fixture
def app(apps: TestApps) -> Iterator[Flask]:
    """Templates do not care about the database."""
    made = apps.on("sqlite").app
    with made.test_request_context():
        yield made


@pytest.mark.parametrize("name", ["page.html", "page.jinja", "page.html.jinja", "page.j2", "page.txt", "page"])
def test_every_template_escapes_whatever_its_file_is_called(app: Flask, name: str) -> None:
    template = app.jinja_env.overlay(loader=DictLoader({name: "{{ text }}"})).get_template(name)

    assert template.render(text=EVIL) == str(escape(EVIL))


def test_no_template_switches_escaping_off() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "helpdesk").rglob("templates/**/*.html")
        if "|safe" in path.read_text().replace(" ", "") or "autoescapefalse" in path.read_text().replace(" ", "")
    ]
    assert not found


def test_every_macro_is_tried_below(app: Flask) -> None:
    with_request: dict[str, object] = {"csrf_token": lambda: ""}
    found = {
        path.name: {name for name, macro in vars(_module(app, path, with_request)).items() if isinstance(macro, Macro)}
        for path in MACROS.glob("*.html")
    }
    own = {name: {macro for macro in macros if not macro.startswith("_")} for name, macros in found.items()}
    own["chat.html"].discard("csrf_field")  # imported there
    assert own == {name: set(samples) for name, samples in SAMPLES.items()}


@pytest.mark.parametrize(("file", "macro"), CASES)
def test_hostile_text_stays_text(app: Flask, file: str, macro: str) -> None:
    sample = f'{{% from "web/macros/{file}" import {macro} with context %}}{SAMPLES[file][macro]}'
    tree = parse(render_template_string(sample, evil=EVIL, form=_evil_form(), chart=_evil_chart()))
    assert not list(tree.find_all("img"))
    assert not [node.tag for node in tree.find_all() if EVIL_ATTRIBUTES & set(node.attributes)]


def _module(app: Flask, path: Path, context: dict[str, object]) -> object:
    return app.jinja_env.get_template(f"web/macros/{path.name}").make_module(context)


def _evil_form() -> EvilForm:
    form = EvilForm(data=dict.fromkeys(("text", "line", "email", "hidden", "one", "many"), EVIL))
    for field in form:
        field.errors = [EVIL]
    form.form_errors = [EVIL]
    return form


def _evil_chart() -> dict[str, object]:
    segment = {"series": 0, "y": 0, "height": 10, "value": EVIL}
    bar = {"x": 0, "width": 10, "middle": 5, "label": (EVIL, EVIL), "total": EVIL, "total_y": 0, "segments": (segment,)}
    line = {"y": 0, "label": EVIL}
    drawing = {"width": 720, "height": 100, "left": 20, "base": 90, "text": 12, "gridlines": (line,), "bars": (bar,)}
    words = {"id": EVIL, "title": EVIL, "description": EVIL, "series": (EVIL, EVIL)}
    return {**words, "wide": drawing, "narrow": drawing}
