"""Which pharmacy a requester means by what they type."""

import re
from uuid import UUID

from helpdesk.accounts.queries.organisations import organisation_for_code, suggest_organisations
from helpdesk.accounts.types.directory import OrganisationEntry
from helpdesk.bot.service.conversations import may_search_sites
from helpdesk.db import write_transaction

# One letter begins thousands of names.
SHORTEST_SEARCH = 2
MOST_SUGGESTED = 5
# As a suggestion writes it: “Boots (FA111)”.
CODE_AT_END = re.compile(r"\(([A-Za-z0-9]{3,8})\)$")


def suggest_sites(typed: str, *, network: str) -> list[OrganisationEntry]:
    """The pharmacies that may be meant by what was typed so far; none for a network that searches too much."""
    if len(typed.strip()) < SHORTEST_SEARCH or not _may_search(network):
        return []
    return suggest_organisations(typed, MOST_SUGGESTED)


def sites_to_choose_from(pharmacy: str, *, network: str) -> list[OrganisationEntry]:
    """The pharmacies that the words may mean; none when they mean one beyond doubt, or none that we know.

    None either for a network that searches too much: the words are then kept as they are.
    """
    if not _may_search(network):
        return []
    return [] if organisation_meant(pharmacy) else suggest_organisations(pharmacy)


def organisation_meant(text: str) -> UUID | None:
    """The organisation that the words name beyond doubt: by its code, or by a name or postcode that only it has."""
    code = CODE_AT_END.search(text.strip())
    by_code = organisation_for_code(code[1] if code else text)
    if by_code:
        return by_code.id
    words = " ".join(text.split()).casefold()
    exact = [one for one in suggest_organisations(text) if words in {one.name.casefold(), one.postcode.casefold()}]
    return exact[0].id if len(exact) == 1 else None


def _may_search(network: str) -> bool:
    with write_transaction():
        return may_search_sites(network=network)
