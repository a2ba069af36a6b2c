"""The table of cases names tests that exist, and each test that is named after a case stands in it."""

import re

from tests.apps import ROOT

TABLE = ROOT / "docs" / "mfa-cases.md"
TEST = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
OF_A_CASE = re.compile(r"test_[cgesdmr]\d\d_")


def test_each_case_of_the_table_has_the_tests_that_it_names() -> None:
    written = {name for path in (ROOT / "tests").rglob("test_*.py") for name in TEST.findall(path.read_text())}
    named = set(re.findall(r"`(test_\w+)`", TABLE.read_text()))
    assert not named - written
    assert not {name for name in written if OF_A_CASE.match(name)} - named


def test_each_case_has_a_test_or_a_sentence() -> None:
    rows = re.findall(r"^\| ([A-Z]\d\d) \| .+ \| (.*) \|$", TABLE.read_text(), re.MULTILINE)
    assert len(rows) == len({case for case, _ in rows})
    assert not [case for case, what in rows if len(what) < len("`test_`")]
