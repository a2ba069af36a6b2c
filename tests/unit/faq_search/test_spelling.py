import pytest

from helpdesk.faq.search.english import NOT_LISTED, frequencies, surprisal
from helpdesk.faq.search.spelling import LONGEST_CORRECTED, MOST_CORRECTIONS, Speller


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(["authenticator", "pharmoutcomes", "scan", "wont", "code"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("authentcator", "authenticator"),  # one letter missing
        ("pharmoutcmoes", "pharmoutcomes"),  # two letters swapped
        ("autenticattor", "authenticator"),  # two mistakes in a long word
        ("cide", "code"),  # a word of the FAQ before one of general English
        ("teh", "the"),  # general English when the FAQ has nothing near
    ],
)
def test_a_misspelt_word_is_put_right(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct([(typed,)]) == ((meant,),)


@pytest.mark.parametrize(
    "word",
    [
        "wont",  # of the FAQ
        "scar",  # general English, though near "scan"
        "ode",  # the first letter is taken as right
        "scxxn",  # a short word with two mistakes
        "ab3cd",  # a key
        "zq",  # too short to tell
        "c" * (LONGEST_CORRECTED + 1),
    ],
)
def test_other_words_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.correct([(word,)]) == ((word,),)


def test_sentences_keep_their_words_in_order(speller: Speller) -> None:
    assert speller.correct([("my", "cide"), (), ("scann",)]) == (("my", "code"), (), ("scan",))


def test_a_message_of_nonsense_is_corrected_only_so_far(speller: Speller) -> None:
    nonsense = tuple(f"q{'x' * length}zj" for length in range(2, 12)) * 2
    corrected = speller.correct([nonsense + tuple("cide" for _ in range(MOST_CORRECTIONS))])

    assert corrected[0][-1] == "code"  # a repeated word counts once


def test_rare_words_say_more_than_common_ones() -> None:
    assert surprisal("the") == 0.0
    assert surprisal("the") < surprisal("phone") < surprisal("pharmacy") < surprisal("qzxv") == 1.0


def test_the_word_list_holds_plain_words_above_the_floor() -> None:
    assert len(frequencies()) > 20_000
    assert min(frequencies().values()) > NOT_LISTED
