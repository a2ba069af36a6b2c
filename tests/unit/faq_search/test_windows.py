from helpdesk.faq.search import windows
from helpdesk.faq.search.windows import Window

SHORT = ("lost", "my", "phone")
LONG = tuple(f"w{number}" for number in range(20))


def test_the_whole_is_all_sentences_in_order() -> None:
    assert windows.whole_of([SHORT, ("help",)]) == ("lost", "my", "phone", "help")


def test_a_short_message_has_no_windows() -> None:
    assert windows.windows_of([SHORT, SHORT]) == ()


def test_each_sentence_of_a_long_message_is_a_window() -> None:
    assert windows.windows_of([SHORT] * 6) == tuple(Window(3 * at, SHORT) for at in range(6))


def test_a_sentence_that_is_too_long_is_cut_with_overlap() -> None:
    half = windows.LONGEST_WINDOW // 2
    assert windows.windows_of([LONG]) == (Window(0, LONG[: 2 * half]), Window(half, LONG[half:]))


def test_scraps_are_no_windows() -> None:
    assert all(window.start > 0 for window in windows.windows_of([("hi",), LONG]))


def test_an_endless_message_has_only_so_many_windows() -> None:
    assert len(windows.windows_of([SHORT] * 100)) == windows.MOST_WINDOWS
