"""The FAQ on the command line."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from helpdesk.faq.cli import faq
from tests.unit.faq.faq_files import replace_in, write_answer

pytestmark = pytest.mark.usefixtures("folder")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(faq, arguments)


def test_check_counts_when_all_is_well(app: Flask) -> None:
    result = run(app, "check")

    assert (result.exit_code, result.output) == (0, "3 answers, 9 phrasings, no problems\n")


def test_check_names_every_problem_and_fails(app: Flask, folder: Path) -> None:
    replace_in(folder / "codes/clock.md", "owner: helpdesk", "ownr: helpdesk")
    replace_in(folder / "codes/rejected.md", "review_due: 2027-05-24", "review_due: 2026-11-01")

    result = run(app, "check")

    assert result.exit_code == 1
    assert f"{folder}/codes/clock.md:9: ownr: is not a field we know\n" in result.stdout
    assert f"{folder}/codes/rejected.md:8: review_due: must be after reviewed\n" in result.stdout
    assert result.stderr.endswith("1 answers, 3 phrasings, 3 problems\n")


@pytest.mark.usefixtures("moved_clock")
def test_check_names_what_only_an_editor_sees(app: Flask, folder: Path) -> None:
    late = write_answer(folder, "codes/late", phrasings=("invalid code verification", "second manner", "the third way"))
    replace_in(late, "reviewed: 2026-11-24", "reviewed: 2026-01-01")
    replace_in(late, "review_due: 2027-05-24", "review_due: 2026-06-01")
    replace_in(late, "The gist.", "The <b>gist</b>.\n\n## Big\n\n![x](y.png)")
    early = write_answer(folder, "codes/soon", phrasings=("soon first", "soon second", "soon third"))
    replace_in(early, "reviewed: 2026-11-24", "reviewed: 2026-11-25")

    result = run(app, "check")

    assert [line.removeprefix(f"{folder}/codes/") for line in result.stdout.splitlines()] == [
        "late.md:8: review_due: the review is overdue since 2026-06-01",
        "late.md:15: body: HTML is shown as text; write Markdown",
        "late.md:17: body: write headings with ###",
        "late.md:19: body: pictures are not shown",
        "soon.md:7: reviewed: is in the future",
        f'rejected.md:6: phrasings: is nearly "invalid code verification" in {folder}/codes/late.md',
    ]


def test_check_takes_another_folder(app: Flask, folder: Path, tmp_path: Path) -> None:
    write_answer(tmp_path / "other", "codes/alone")

    result = run(app, "check", str(tmp_path / "other"))

    assert result.exit_code == 1
    assert "topics.toml:1: file: is missing" in result.stdout


def test_list_prints_ids_and_titles(app: Flask) -> None:
    assert run(app, "list").stdout.splitlines()[0] == "barcodes/will-not-scan\tThe QR code will not scan"
