"""The way from a list to a ticket and back to that very list: in the address, so that no server remembers it."""

from urllib.parse import urlencode, urlsplit

from flask import has_request_context, request, url_for

LONGEST_ADDRESS = 500
# What came of a change is not told again to somebody who comes back.
TOLD_ONCE = {"act"}
LISTS = ("tickets.queue.show", "tickets.search.show")


def ticket_url(reference: str) -> str:
    """The ticket's page, which leads back to the list that is shown now."""
    asked = {name: value for name, value in request.args.items() if name not in TOLD_ONCE}
    back = f"{request.path}?{urlencode(asked)}" if asked else request.path
    return url_for("tickets.agent.ticket", reference=reference, back=back)


def way_back() -> str:
    """The list that somebody came from."""
    back = request.args.get("back", "")
    return back if is_list(back) else url_for(LISTS[0])


def is_list(address: str) -> bool:
    """Whether this is a list of ours, on this very server: an address can be made by anybody."""
    parts = urlsplit(address)
    is_here = address.startswith("/") and not parts.netloc and len(address) <= LONGEST_ADDRESS
    return is_here and parts.path in {url_for(name) for name in LISTS}


def keep_way_back(_endpoint: str, values: dict[str, object]) -> None:
    """Every form and link of a ticket's page takes the way back along."""
    if has_request_context() and "back" in request.args:
        values.setdefault("back", request.args["back"])
