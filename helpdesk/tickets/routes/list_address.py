"""The way from a list to a ticket and back to that very list: in the address, so that no server remembers it."""

from urllib.parse import urlsplit

from flask import has_request_context, request, url_for

LONGEST_ADDRESS = 500
LISTS = ("tickets.queue.show", "tickets.search.show")


def ticket_url(reference: str) -> str:
    """The ticket's page, which leads back to the list that is shown now."""
    return url_for("tickets.agent.ticket", reference=reference, back=request.full_path.rstrip("?"))


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
