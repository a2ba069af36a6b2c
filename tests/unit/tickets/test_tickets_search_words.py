"""What is typed into the search, and the one form in which words are compared."""

import pytest

from helpdesk.tickets.search.query import read_query
from helpdesk.tickets.search.words import reference_label, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân", "SIAN"),
        ("Ŵyn", "wyn"),
        ("Sia\u0302n", "Siân"),
        ("locums", "Locum’s"),
        ("straße", "strasse"),
        ("ﬁle", "file"),
    ],
)
def test_words_that_mean_the_same_are_the_same(one, other):
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize("word", ["codes", "class", "address", "virus", "authenticators", "james"])
def test_every_beginning_of_a_word_begins_it_after_the_s_has_gone_too(word):
    whole = words_of(word)[0]

    assert all(whole.startswith(words_of(word[:end])[0]) for end in range(2, len(word) + 1))


@pytest.mark.parametrize("misread", ["7K3M2QXP", "1K3M2OXP", "lk3mz0xp", "7K3M2DXP"])
def test_letters_that_look_alike_are_the_same_in_a_reference(misread):
    assert reference_label(misread) == reference_label("7K3M2QXP")


def test_every_word_is_quoted_so_that_none_is_an_operator():
    query = read_query('NEAR OR "', me="")

    assert query.for_fts5 == '("near") AND ("or")'
    assert query.for_tsquery == "('near') & ('or')"


def test_no_more_than_a_dozen_words_are_looked_for():
    assert len(read_query(" ".join(f"word{number}" for number in range(100)), me="").groups) == 12
