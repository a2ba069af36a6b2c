"""How a page that shows a request asks for what is new on it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.tickets.presenters.requester import news_of
from helpdesk.tickets.queries.requester import Progress, has_news, ticket_with_news
from helpdesk.tickets.service.unread import note_seen

# Another site can lead a browser here, but not say that somebody read what came.
OUR_OWN = "same-origin"


def news(progress: Progress) -> ResponseReturnValue:
    """What came after event `after`, or 204 with nothing. `seen` is the last event that a person had before them."""
    after, seen = _number("after"), _number("seen")
    if seen and request.headers.get("Sec-Fetch-Site", OUR_OWN) == OUR_OWN:
        note_seen(progress, seen)
    if not has_news(progress, after):
        return "", 204
    return render_template("tickets/news.html", page=news_of(ticket_with_news(progress), after))


def _number(name: str) -> int:
    return max(0, request.args.get(name, 0, type=int))
