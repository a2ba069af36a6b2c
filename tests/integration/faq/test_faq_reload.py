"""Editors correct answers while the service runs; a slip of theirs never takes the answers away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.core.errors import NotFound
from helpdesk.faq.errors import LibraryUnreadable
from helpdesk.faq.service import library as service
from helpdesk.settings import in_use, use
from tests.client import PageClient
from tests.unit.faq.faq_files import replace_in, write_answer

LetChangesBeSeen = Callable[[], None]


def test_a_correction_is_seen_without_a_restart(
    client: PageClient, folder: Path, let_changes_be_seen: LetChangesBeSeen
) -> None:
    assert client.get("/faq/codes/clock").has("First step.")

    replace_in(folder / "codes/clock.md", "First step.", "Step one, corrected.")
    let_changes_be_seen()

    assert client.get("/faq/codes/clock").has("Step one, corrected.")


def test_a_new_answer_is_found_without_a_restart(folder: Path, let_changes_be_seen: LetChangesBeSeen) -> None:
    assert service.find_answer("codes/new") is None

    write_answer(folder, "codes/new", "Hedgehogs in the dispensary", ("hedgehog in here", "a hedgehog", "hedgehogs"))
    let_changes_be_seen()

    assert service.match("there is a hedgehog").candidates[0].id == "codes/new"


def test_a_deleted_answer_goes(folder: Path, let_changes_be_seen: LetChangesBeSeen) -> None:
    service.current_library()

    (folder / "barcodes/will-not-scan.md").unlink()
    let_changes_be_seen()

    with pytest.raises(NotFound):
        service.get_answer("barcodes/will-not-scan")


def test_a_broken_file_keeps_the_last_good_set_and_says_where(
    client: PageClient, folder: Path, let_changes_be_seen: LetChangesBeSeen
) -> None:
    service.current_library()

    replace_in(folder / "codes/clock.md", "owner: helpdesk", "ownr: helpdesk")
    replace_in(folder / "codes/rejected.md", "First step.", "Not to be seen yet.")
    let_changes_be_seen()

    assert client.get("/faq/codes/clock").has("First step.")
    assert not client.get("/faq/codes/rejected").has("Not to be seen yet.")
    assert [str(problem) for problem in service.current_library().problems] == [
        f"{folder}/codes/clock.md:1: owner: is missing",
        f"{folder}/codes/clock.md:9: ownr: is not a field we know",
    ]


def test_a_mended_file_is_taken_in(folder: Path, let_changes_be_seen: LetChangesBeSeen) -> None:
    service.current_library()
    replace_in(folder / "codes/clock.md", "owner: helpdesk", "ownr: helpdesk")
    let_changes_be_seen()

    replace_in(folder / "codes/clock.md", "ownr: helpdesk", "owner: somebody new")
    let_changes_be_seen()

    assert service.get_answer("codes/clock").owner == "somebody new"
    assert service.current_library().problems == ()


def test_a_folder_that_goes_away_leaves_the_answers(folder: Path, let_changes_be_seen: LetChangesBeSeen) -> None:
    service.current_library()

    folder.rename(folder.with_name("moved"))
    let_changes_be_seen()

    assert service.get_answer("codes/clock").title == "My clock is wrong"
    assert [problem.message for problem in service.current_library().problems] == ["is missing"]


def test_a_start_with_one_broken_file_serves_the_others(folder: Path) -> None:
    replace_in(folder / "codes/clock.md", "owner: helpdesk", "ownr: helpdesk")

    assert service.find_answer("codes/clock") is None
    assert service.get_answer("codes/rejected").title == "My code is refused"


def test_a_start_without_one_answer_is_refused(folder: Path) -> None:
    use(in_use().model_copy(update={"faq_dir": folder / "empty"}))

    with pytest.raises(LibraryUnreadable, match=r"topics\.toml:1: file: is missing"):
        service.current_library()


def test_a_relative_folder_that_is_not_here_means_the_packed_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    use(in_use().model_copy(update={"faq_dir": Path("faq_data")}))

    assert service.faq_folder() in service.PACKED
