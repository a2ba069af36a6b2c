"""What people type, made safe to keep and to show."""

import pytest

from helpdesk.core.plain_text import clean_line, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello  ", "hello"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x9bd", "abcd"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\ud800b", "ab"),
        ("\u200b\u200d\u0301", ""),
        ("e\u0301", "é"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("ŵŷ", "ŵŷ"),
        ("مرحبا", "مرحبا"),
        (None, ""),
    ],
)
def test_what_is_kept(typed, kept):
    assert clean_text(typed) == kept


def test_a_text_is_cut():
    assert clean_text("x" * 1_000_000, 2_000) == "x" * 2_000


def test_a_line_stays_one_line():
    assert clean_line("  High \n Street\tPharmacy ") == "High Street Pharmacy"
