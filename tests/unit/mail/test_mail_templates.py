"""Every mail template of every slice can be read, and none asks for anything from the internet."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import settings as settings_module
from helpdesk.mail import rendering
from helpdesk.mail.links import absolute
from helpdesk.settings import Settings

SLICES = Path(rendering.__file__).parent.parent
HTML_TEMPLATES = sorted(SLICES.glob("*/templates/*/emails/*/html.html"))


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A slice with mails of its own."""
    settings_module.use(Settings(data_dir=tmp_path, public_url="https://help.example"))
    folder = tmp_path / "tickets/templates/tickets/emails/reply"
    folder.mkdir(parents=True)
    (tmp_path / "mail").symlink_to(SLICES / "mail")
    monkeypatch.setattr(rendering, "SLICES", tmp_path)
    rendering._environment.cache_clear()
    yield folder
    rendering._environment.cache_clear()


def test_html_is_escaped_and_text_is_not(templates: Path) -> None:
    (templates / "subject.txt").write_text("Answer for {{ name }}\n")
    (templates / "text.txt").write_text("Hello {{ name }},\n")
    (templates / "html.html").write_text(
        "{% extends 'mail/wrapper.html' %}{% block content %}<p>{{ name }}</p>{% endblock %}"
    )

    rendered = rendering.render("tickets/emails/reply", name="<b>O'Neil</b> & Sons")

    assert rendered.subject == "Answer for <b>O'Neil</b> & Sons"
    assert rendered.text == "Hello <b>O'Neil</b> & Sons,\n"
    assert "<p>&lt;b&gt;O&#39;Neil&lt;/b&gt; &amp; Sons</p>" in rendered.html


def test_html_is_optional(templates: Path) -> None:
    (templates / "subject.txt").write_text("Hello")
    (templates / "text.txt").write_text("Call {{ helpdesk_phone }}")

    assert rendering.render("tickets/emails/reply").html == ""


def test_a_name_that_nobody_gave_is_a_fault(templates: Path) -> None:
    (templates / "subject.txt").write_text("Hello")
    (templates / "text.txt").write_text("Dear {{ nmae }}")

    with pytest.raises(Exception, match="nmae"):
        rendering.render("tickets/emails/reply", name="Amina")


def test_links_are_made_from_the_public_address(templates: Path) -> None:
    assert absolute("/c/HD-7K3M-2QXP") == "https://help.example/c/HD-7K3M-2QXP"


@pytest.mark.parametrize("path", ["", "c/HD", "//evil.example", "https://evil.example"])
def test_only_a_path_becomes_a_link(templates: Path, path: str) -> None:
    with pytest.raises(ValueError, match="slash"):
        absolute(path)


@pytest.mark.parametrize("path", [*HTML_TEMPLATES, SLICES / "mail/templates/mail/wrapper.html"], ids=str)
def test_no_mail_loads_anything(path: Path) -> None:
    assert not re.search(r"<(img|link|script|iframe|style|object)|url\(|https?:", path.read_text())


@pytest.mark.parametrize("path", HTML_TEMPLATES, ids=str)
def test_every_html_mail_has_a_subject_and_a_text(path: Path) -> None:
    assert (path.parent / "subject.txt").read_text().strip()
    assert (path.parent / "text.txt").read_text().strip()
