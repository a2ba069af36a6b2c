"""What is made from a folder is made anew when a file changes, and nobody waits for it."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.faq.loader.kept import Kept


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("one")
    return tmp_path


def read(folder: Path, _last: str | None) -> str:
    return (folder / "a.md").read_text()


class Maker:
    """Reads the folder, and keeps what it read."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, folder: Path, last: str | None) -> str:
        self.made.append(read(folder, last))
        return self.made[-1]


def settled(kept: Kept[str]) -> str:
    """What is there after a look, once anything new is ready."""
    kept.get()
    kept.settle()
    return kept.get()


def test_a_change_is_seen_after_two_seconds(folder: Path, clock: Clock) -> None:
    kept = Kept(folder, read, clock.now)
    kept.get()
    (folder / "a.md").write_text("other")

    clock.pass_by(1.9)
    too_early = settled(kept)
    clock.pass_by(0.1)
    in_time = settled(kept)

    assert (too_early, in_time) == ("one", "other")


def test_a_clock_that_was_set_back_does_not_stop_the_looking(folder: Path, clock: Clock) -> None:
    kept = Kept(folder, read, clock.now)
    kept.get()
    (folder / "a.md").write_text("other")

    clock.pass_by(-3600)

    assert settled(kept) == "other"


def test_nothing_is_made_anew_without_a_change(folder: Path, clock: Clock) -> None:
    maker = Maker()
    kept = Kept(folder, maker, clock.now)

    for _ in range(3):
        kept.get()
        kept.settle()
        clock.pass_by(10)

    assert maker.made == ["one"]


def test_nobody_waits_while_a_new_one_is_made(folder: Path, clock: Clock) -> None:
    may_finish = threading.Event()

    def slow(path: Path, last: str | None) -> str:
        if last is not None:
            assert may_finish.wait(10)
        return read(path, last)

    kept = Kept(folder, slow, clock.now)
    kept.get()
    (folder / "a.md").write_text("other")
    clock.pass_by(10)
    meanwhile = [kept.get(), kept.get()]
    may_finish.set()
    kept.settle()

    assert meanwhile == ["one", "one"]
    assert kept.get() == "other"


def test_the_very_first_one_is_made_once_for_all_who_wait(folder: Path, clock: Clock) -> None:
    maker = Maker()
    kept = Kept(folder, maker, clock.now)

    threads = [threading.Thread(target=kept.get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert maker.made == ["one"]


def test_a_first_one_that_fails_is_tried_again(folder: Path, clock: Clock) -> None:
    (folder / "a.md").rename(folder / "b.md")
    kept = Kept(folder, read, clock.now)
    with pytest.raises(FileNotFoundError):
        kept.get()

    (folder / "b.md").rename(folder / "a.md")

    assert kept.get() == "one"
