"""The floor of sending: urllib3 and threads doing the same POSTs, with nothing claimed and nothing written down.

``python -m bench.bare_client URL COUNT THREADS`` prints its own seconds and CPU seconds.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from base64 import b64encode
from itertools import count
from urllib.parse import urlencode

import urllib3

from webapp.simulator import defaults

_PATH = f"/conversations/v1/Services/{defaults.CONVERSATIONS_SERVICE_SID}/Conversations/CH{0:032x}/Messages"


def main(url: str, texts: int, threads: int) -> None:
    pool = urllib3.PoolManager(maxsize=threads, block=True, retries=False)
    secret = b64encode(f"{defaults.ACCOUNT_SID}:{defaults.AUTH_TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"}
    numbers = count()
    body = "Hi First{}, the house that you asked about can be seen on Saturday from ten to four."

    def work() -> None:
        while (number := next(numbers)) < texts:
            form = {"Author": "+17375550100", "Body": body.format(number), "Attributes": f'{{"ll":"{number:032x}:1"}}'}
            answer = pool.request("POST", url + _PATH, body=urlencode(form), headers=headers)
            assert answer.status == 201
            json.loads(answer.data)["sid"]

    workers = [threading.Thread(target=work) for _ in range(threads)]
    wall, cpu = time.monotonic(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(json.dumps({"seconds": time.monotonic() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
