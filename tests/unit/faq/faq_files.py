"""A small FAQ on disk, for tests that change its files."""

from pathlib import Path

TOPICS = """\
[[topic]]
id = "barcodes"
title = "QR codes"
summary = "Scanning the code."

[[topic]]
id = "codes"
title = "Six-digit codes"
summary = "Codes that are refused."
"""

NONE_OF_THESE = 'phrasings = ["what is the weather", "order more paracetamol", "smartcard locked"]\n'

WILL_NOT_SCAN = ("qr code wont scan", "camera does not read the square", "scanner finds nothing on the screen")
REFUSED = ("code not accepted", "the number is wrong every time", "invalid verification code")
CLOCK = ("clock on my phone is wrong", "phone shows the wrong time", "how do I set the time to automatic")


def small_faq(folder: Path) -> Path:
    """Three answers in two topics, all in order."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "topics.toml").write_text(TOPICS)
    (folder / "none_of_these.toml").write_text(NONE_OF_THESE)
    write_answer(folder, "barcodes/will-not-scan", "The QR code will not scan", WILL_NOT_SCAN)
    write_answer(folder, "codes/rejected", "My code is refused", REFUSED, "related:\n  - codes/clock\n")
    write_answer(folder, "codes/clock", "My clock is wrong", CLOCK)
    return folder


def write_answer(
    folder: Path,
    answer_id: str,
    title: str = "A title",
    phrasings: tuple[str, ...] = ("one way to ask", "another manner", "the third wording"),
    more: str = "",
    body: str = "The gist.\n\n1. First step.\n2. Second step.\n",
) -> Path:
    """Write one answer's file; `more` is further front matter."""
    path = folder / f"{answer_id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'---\ntitle: "{title}"\nphrasings:\n'
        + "".join(f"  - {phrasing}\n" for phrasing in phrasings)
        + "reviewed: 2026-11-24\nreview_due: 2027-05-24\nowner: helpdesk\nsources:\n  - https://example.org/source\n"
        + f"{more}next_step:\n  text: Ask a person.\n---\n{body}"
    )
    return path


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a file as an editor would."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
