"""What no file can know alone: the answers against each other, and against today's date."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from helpdesk.faq.loader.drafts import Draft
from helpdesk.faq.loader.sources import Location
from helpdesk.faq.types import Problem

# Two phrasings this much alike, in two answers, teach the matcher nothing and confuse the next editor.
NEAR_DUPLICATE_AT = 95

NOT_MARKDOWN = ((re.compile(r"<[a-zA-Z/!]"), "HTML is shown as text; write Markdown"),
                (re.compile(r"!\["), "pictures are not shown"),
                (re.compile(r"^##?\s"), "write headings with ###"))  # fmt: skip


def across(drafts: Sequence[Draft], topics: Collection[str], ids: Collection[str]) -> Iterator[Problem]:
    """Links that lead nowhere, folders that are no topic, and a phrasing that two answers claim.

    `ids` are those of all files: a link to an answer whose own file is broken is no mistake.
    """
    for draft in drafts:
        yield from _lost_links(draft, ids)
        if draft.topic not in topics:
            yield draft.problem((), f"{draft.topic} is not a topic in topics.toml")
    yield from _claimed_twice(drafts)


def for_editors(drafts: Sequence[Draft], today: date) -> Iterator[Problem]:
    """What does no harm to readers yet, but needs an editor: overdue reviews, near-duplicates, dead marks."""
    for draft in drafts:
        yield from _dates(draft, today)
        yield from _not_markdown(draft)
    yield from _near_duplicates(drafts)


def _lost_links(draft: Draft, ids: Collection[str]) -> Iterator[Problem]:
    links: list[tuple[Location, str]] = [(("related", index), id) for index, id in enumerate(draft.fields.related)]
    if draft.fields.next_step.answer:
        links.append((("next_step", "answer"), draft.fields.next_step.answer))
    for location, id in links:
        if id == draft.id:
            yield draft.problem(location, "leads back to this answer")
        elif id not in ids:
            yield draft.problem(location, f"there is no answer {id}")


def _claimed_twice(drafts: Sequence[Draft]) -> Iterator[Problem]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        for index, phrasing in enumerate(draft.fields.phrasings):
            owner = first.setdefault(_folded(phrasing), draft)
            if owner is not draft:
                yield draft.problem(("phrasings", index), f'"{phrasing}" is also in {owner.source.path}')


def _dates(draft: Draft, today: date) -> Iterator[Problem]:
    if draft.fields.reviewed > today:
        yield draft.problem(("reviewed",), "is in the future")
    if draft.fields.review_due < today:
        yield draft.problem(("review_due",), f"the review is overdue since {draft.fields.review_due.isoformat()}")


def _not_markdown(draft: Draft) -> Iterator[Problem]:
    for offset, line in enumerate(draft.source.body.split("\n")):
        for pattern, message in NOT_MARKDOWN:
            if pattern.search(line):
                yield Problem(draft.source.path, draft.source.body_line + offset, "body", message)


def _near_duplicates(drafts: Sequence[Draft]) -> Iterator[Problem]:
    """Pairs of phrasings of two answers with the same words but for a letter or two, in any order."""
    rows = [(draft, index) for draft in drafts for index in range(len(draft.fields.phrasings))]
    texts = [" ".join(sorted(_folded(draft.fields.phrasings[index]).split())) for draft, index in rows]
    alike = cdist(texts, texts, scorer=ratio, score_cutoff=NEAR_DUPLICATE_AT, dtype=np.uint8)
    for earlier, later in np.argwhere(np.triu(alike, k=1)):
        (other, other_index), (draft, index) = rows[earlier], rows[later]
        phrasing, twin = draft.fields.phrasings[index], other.fields.phrasings[other_index]
        if draft is not other and _folded(phrasing) != _folded(twin):  # the same one is told already
            yield draft.problem(("phrasings", index), f'is nearly "{twin}" in {other.source.path}')


def _folded(phrasing: str) -> str:
    return " ".join(phrasing.casefold().split())
