import pytest

from helpdesk.faq.search.normalise import MOST_CHARACTERS, clean, sentences_of, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Can’t LOG in", ("can't", "log", "in")),
        ("café naïve", ("cafe", "naive")),
        ("pass\u200bword\u00ad", ("password",)),
        ("ﬁrst ２nd", ("first", "2nd")),
        ("code\u0000s", ("codes",)),
        ("code—again", ("code", "again")),
        ("help 😀 me", ("help", "me")),
        ("привет 你好", ()),
        ("", ()),
    ],
)
def test_words_are_plain_lower_case_ascii(typed: str, words: tuple[str, ...]) -> None:
    assert words_of(typed) == words


def test_a_message_is_read_up_to_its_limit() -> None:
    assert len(clean("a" * 5_000)) == MOST_CHARACTERS


def test_invisible_characters_do_not_count_towards_the_limit() -> None:
    assert words_of("\u200b" * 3_000 + "lost phone") == ("lost", "phone")


def test_sentences_end_at_punctuation_and_at_new_lines() -> None:
    sentences = sentences_of("Lost phone! Who helps?\nasap")

    assert sentences == (("lost", "phone"), ("who", "helps"), ("asap",))


def test_a_dot_inside_a_name_does_not_end_a_sentence() -> None:
    assert sentences_of("my nhs.net mail") == (("my", "nhs", "net", "mail"),)
