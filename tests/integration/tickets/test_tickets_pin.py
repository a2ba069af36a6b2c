"""Nobody guesses a PIN: wrong tries are counted before they are checked, by reference and by network."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from helpdesk.tickets.service.pins import TRIES_BY_NETWORK, TRIES_BY_REFERENCE
from tests.tickets import ticket_with_pin, unknown_reference

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

NETWORK = {"REMOTE_ADDR": "203.0.113.7"}


def tried(client, reference, pin, network=NETWORK):
    token = client.get("/c").form("Open request").values["csrf_token"][0]
    form = {"csrf_token": token, "reference": reference, "pin": pin}
    return client.post("/c", data=form, environ_base=network)


def wrong_for(pin):
    return "000000" if pin.digits != "000000" else "111111"


def test_five_wrong_pins_for_a_reference_make_everybody_wait_an_hour(client, moved_clock):
    made, pin = ticket_with_pin()
    answers = [tried(client, made.reference, wrong_for(pin)).status_code for _ in range(5)]
    assert answers == [422] * 5

    waiting = tried(client, made.reference, pin.digits, {"REMOTE_ADDR": "198.51.100.1"})

    assert waiting.status_code == 429
    assert waiting.errors == ["That was tried too often. Wait an hour, or phone the helpdesk."]
    assert 0 < int(waiting.headers["Retry-After"]) <= 3600
    moved_clock.shift(timedelta(hours=1))
    assert tried(client, made.reference, pin.digits).status_code == 303


@pytest.mark.parametrize("reference", ["HD-2222-2222", "no reference at all"])
def test_an_unknown_reference_makes_people_wait_just_the_same(client, reference):
    made, pin = ticket_with_pin()

    known = [tried(client, made.reference, wrong_for(pin)) for _ in range(6)]
    unknown = [tried(client, reference, "000000") for _ in range(6)]

    assert [(one.status_code, one.errors) for one in unknown] == [(one.status_code, one.errors) for one in known]


def test_what_is_no_reference_does_not_stop_others_who_mistype_theirs(client):
    for _ in range(6):
        tried(client, "no reference", "000000")

    assert tried(client, "another one", "000000", {"REMOTE_ADDR": "198.51.100.1"}).status_code == 422


def test_thirty_wrong_tries_of_a_network_make_it_wait_whatever_the_reference(client):
    made, pin = ticket_with_pin()
    answers = Counter(tried(client, unknown_reference(), "000000").status_code for _ in range(TRIES_BY_NETWORK.most))
    assert answers == Counter({422: 30})

    assert tried(client, made.reference, pin.digits).status_code == 429
    assert tried(client, made.reference, pin.digits, {"REMOTE_ADDR": "198.51.100.1"}).status_code == 303


def test_right_pins_do_not_count_so_that_a_group_behind_one_address_gets_in(client):
    made, pin = ticket_with_pin()

    answers = {tried(client, made.reference, pin.digits).status_code for _ in range(TRIES_BY_NETWORK.most + 1)}

    assert answers == {303}


def test_a_right_pin_does_not_pay_for_wrong_ones_elsewhere(client):
    made, pin = ticket_with_pin()
    for _ in range(TRIES_BY_NETWORK.most):
        tried(client, unknown_reference(), "000000")
        tried(client, made.reference, pin.digits)

    assert tried(client, unknown_reference(), "000000").status_code == 429


def test_a_browser_that_opened_the_request_stays_in_while_others_wait(client, app):
    made, pin = ticket_with_pin()
    tried(client, made.reference, pin.digits)
    stranger = app.test_client()
    for _ in range(TRIES_BY_REFERENCE.most):
        tried(stranger, made.reference, wrong_for(pin))

    assert tried(stranger, made.reference, pin.digits).status_code == 429
    assert client.get(f"/c/{made.reference}").heading == f"Your request {made.reference}"


def test_guesses_at_the_same_instant_do_not_slip_through(client, app):
    made, pin = ticket_with_pin()
    reference, guesses = made.reference, 20
    line, lock = threading.Barrier(guesses), threading.Lock()
    statuses: Counter[int] = Counter()
    token = client.get("/c").form("Open request").values["csrf_token"][0]
    cookie = client.get_cookie("form").value

    def guess():
        guesser = app.test_client()
        guesser.set_cookie("form", cookie)
        line.wait(timeout=30)
        form = {"csrf_token": token, "reference": reference, "pin": wrong_for(pin)}
        with app.app_context():
            status = guesser.post("/c", data=form).status_code
        with lock:
            statuses[status] += 1

    threads = [threading.Thread(target=guess) for _ in range(guesses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == Counter({422: TRIES_BY_REFERENCE.most, 429: guesses - TRIES_BY_REFERENCE.most})
