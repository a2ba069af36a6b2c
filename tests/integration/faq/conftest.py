"""A small FAQ in use, in a folder of the test's own."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from helpdesk.faq.service import library as service
from helpdesk.settings import in_use, use
from tests.unit.faq.faq_files import small_faq


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The FAQ's folder, holding three answers."""
    before = in_use()
    made = small_faq(tmp_path / "faq")
    use(before.model_copy(update={"faq_dir": made}))
    yield made
    use(before)


@pytest.fixture
def let_changes_be_seen(moved_clock: time_machine.Traveller) -> Callable[[], None]:
    """Let the time pass in which a change is noticed, and the new answers get ready."""

    def pass_by() -> None:
        moved_clock.shift(timedelta(seconds=3))
        service.current_library()
        service.wait_for_reload()

    return pass_by
