"""As much of ``curl`` as the README uses, for machines that have none: ``-sS``, ``-H``, ``-X``, ``-d`` and an address."""

from __future__ import annotations

import argparse
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main() -> None:
    """Prints what the server answers, an error's body as well."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-sS", action="store_true", dest="quiet")
    parser.add_argument("-H", action="append", dest="headers")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-d", dest="data")
    asked = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in asked.headers)
    data = asked.data.encode() if asked.data is not None else None
    try:
        answer = urlopen(Request(asked.url, data, headers, method=asked.method))
    except HTTPError as error:
        answer = error
    sys.stdout.buffer.write(answer.read())


if __name__ == "__main__":
    main()
