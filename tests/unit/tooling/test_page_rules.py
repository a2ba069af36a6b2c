"""The strict reading of pages is only worth something if it finds what is wrong."""

import pytest

from tests.html import parse
from tests.page_rules import problems_of

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Log in – Helpdesk</title></head><body>
<a href="#main">Skip</a><main id="main"><h1>Log in</h1>
<form method="post" action="/sign-in"><input type="hidden" name="csrf_token" value="x">
<label for="email">Email</label><input id="email" name="email"><button>Log in</button></form></main></body></html>"""


def test_a_good_page_has_no_problems() -> None:
    assert problems_of(parse(GOOD)) == []


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('lang="en"', "", "no lang"),
        ("<h1>Log in</h1>", "<h2>Log in</h2>", "one h1"),
        ("<h1>Log in</h1>", "<h1>Log in</h1><h1>Again</h1>", "one h1"),
        ("<title>Log in", "<title>Helpdesk", "does not start with"),
        ('<label for="email">Email</label>', "", "has no label"),
        ('for="email"', 'for="mail"', "points to #mail"),
        ('href="#main"', 'href="#content"', "points to #content"),
        ('id="email"', 'id="main"', "used 2 times"),
        ("<button>Log in</button>", "<button></button>", "has no words"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "no csrf_token"),
        ('method="post"', 'method="get"', "in the address"),
        ("<h1>", '<h1 onclick="x()">', "onclick"),
        ("<h1>", '<h1 style="color:red">', "style"),
        ("</main>", "<script>x()</script></main>", "neither nonce nor src"),
        ("</main>", '<img src="x"></main>', "no alt"),
    ],
)
def test_each_fault_is_found(good: str, bad: str, says: str) -> None:
    assert says in " ".join(problems_of(parse(GOOD.replace(good, bad, 1))))


def test_an_error_page_says_so_first() -> None:
    assert problems_of(parse(GOOD.replace("<title>", "<title>Error: "))) == []


@pytest.mark.parametrize("markup", ["<p><b>x</p></b>", "<div>", "</div>", '<a href="x" href="y">z</a>'])
def test_markup_that_a_browser_would_have_to_guess_is_refused(markup: str) -> None:
    with pytest.raises(AssertionError):
        parse(markup)


def test_text_is_what_a_person_reads() -> None:
    tree = parse("<p>Your  code<br>is</p><p>refused</p><script>x</script>")
    assert tree.text == "Your code is refused"
