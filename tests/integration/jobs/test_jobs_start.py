"""Neither server nor worker starts where the database is missing, and none is made in its place."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from helpdesk.cli import group


@pytest.mark.parametrize("command", [["serve", "--port", "8999"], ["worker", "--once"]])
def test_without_a_database_nothing_starts(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_DATA_DIR", str(tmp_path))

    outcome = CliRunner().invoke(group, command)

    assert outcome.exit_code == 1
    assert "Set it up with `helpdesk init`" in outcome.output
    assert not list(tmp_path.glob("*.db"))
