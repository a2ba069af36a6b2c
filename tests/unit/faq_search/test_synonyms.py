from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.search.synonyms import Synonyms

TABLE = Synonyms({"qr": ["qr code", "barcode"], "code": ["number", "code number"], "two words": ["tw"], "odd": ["?"]})


def test_a_variant_of_several_words_becomes_the_canonical_word() -> None:
    assert TABLE.replace(words_of("my QR code broke")) == ("my", "qr", "broke")


def test_the_longest_variant_is_taken_first() -> None:
    assert TABLE.replace(words_of("the code number is old")) == ("the", "code", "is", "old")


def test_a_canonical_word_may_be_several_words() -> None:
    assert TABLE.replace(("tw", "x")) == ("two", "words", "x")


def test_words_without_a_synonym_stay_as_they_are() -> None:
    assert TABLE.replace(words_of("lost phone")) == ("lost", "phone")


def test_a_variant_without_a_word_changes_nothing() -> None:
    assert TABLE.replace(()) == ()


def test_words_of_both_sides_are_known() -> None:
    assert {"qr", "barcode", "number", "tw"} <= set(TABLE.words())
