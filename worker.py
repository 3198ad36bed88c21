"""One worker by itself, for machines that run nothing else: ``python worker.py send|flow|bulk|clock``.

``leadline serve`` starts the same from one parent, which takes a third of the memory.
"""

from __future__ import annotations

import os
import sys

from webapp.cli import main
from webapp.config import PROCESSES

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["send", "flow", "bulk"]
    if unknown := [name for name in wanted if name not in PROCESSES]:
        sys.exit(f"There is no process {', '.join(unknown)}: choose of {', '.join(PROCESSES)}.")
    os.environ["LEADLINE_PROCESSES"] = ",".join(wanted)
    main(["serve"])
