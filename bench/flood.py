"""What a flood from one network leaves on the disk: as many of the longest messages as get in, for a bounded time.

Run with `.venv/bin/python -m bench.flood`; FLOOD_SECONDS makes it longer. Prints how many got in, how much the database
grew, and the bound that follows from the limits. Writes bench/results/flood.json.
"""

import http.client
import json
import os
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from bench.chatters import HOST, PORT, started

SECONDS = float(os.environ.get("FLOOD_SECONDS", "20"))
SENDERS = 8
# A message of a chat is limited too, so a flood changes chats.
MESSAGES_A_CHAT = 30
# Four bytes each: nothing takes more room.
LONGEST = "😀" * 2_000
# As in helpdesk/bot/service/conversations.py.
MOST_MESSAGES_AN_HOUR = 20_000
STATED_BYTES_A_MESSAGE = 16_000
RESULTS = Path(__file__).parent / "results" / "flood.json"


def main() -> None:
    """Flood a service of its own, print, and keep the figures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HELPDESK_DATA_DIR": folder, "OPENBLAS_NUM_THREADS": "1"}
        service = started(environment)
        try:
            before = _size(Path(folder))
            said = _flood()
            grown = _size(Path(folder)) - before
        finally:
            service.terminate()
            service.wait(timeout=60)
    kept = said[http.client.OK]
    each = grown / max(1, kept)
    bound = MOST_MESSAGES_AN_HOUR * each / 1e6
    print(f"{SECONDS:.0f} s from one network: {kept:,} messages got in; answers {dict(said)}")
    print(f"The database grew by {grown / 1e6:.1f} MB, {each:,.0f} bytes a message: at most {bound:.0f} MB in an hour.")
    RESULTS.parent.mkdir(exist_ok=True)
    figures = {"kept": kept, "grown_bytes": grown, "bytes_a_message": each, "most_mb_in_an_hour": bound}
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    if each > STATED_BYTES_A_MESSAGE:
        raise SystemExit("That is more than we state.")


def _flood() -> Counter[int]:
    said: Counter[int] = Counter()
    ends = time.monotonic() + SECONDS
    threads = [threading.Thread(target=_send_until, args=(ends, said)) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def _send_until(ends: float, said: Counter[int]) -> None:
    connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
    while time.monotonic() < ends:
        status, chat = _post(connection, "/api/v1/conversations", {}, "")
        if status != http.client.CREATED:
            said[status] += 1
            continue
        messages = f"/api/v1/conversations/{chat['id']}/messages"
        for _ in range(MESSAGES_A_CHAT):
            status, _ = _post(connection, messages, {"text": LONGEST}, chat["token"])
            said[status] += 1


def _post(
    connection: http.client.HTTPConnection, path: str, body: dict[str, str], token: str
) -> tuple[int, dict[str, str]]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def _size(folder: Path) -> int:
    """With what SQLite has yet to move into the file."""
    return sum(file.stat().st_size for file in folder.glob("helpdesk.db*"))


if __name__ == "__main__":
    main()
