"""``python -m bench [SECTION …]``: real parts, in one run with their floors. Nothing is asserted; read the tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from bench import enrolling, foreseeing, handset, law, memory, pages, rules, sending, stack, threads, tick, web
from bench.tables import Report

SECTIONS = {
    rules.SECTION: "segment counting, gate decisions and incoming texts a second",
    sending.SECTION: "one send worker at 80-150 ms carrier latency, beside a bare client",
    web.SECTION: "webhook intake and the unchanged poll, beside a bare WSGI app",
    law.SECTION: "the compliance API: may this number be texted, and what does this text ask for",
    tick.SECTION: "the drip tick, beside SQL that writes the same rows, an ORM loop and django-post_office",
    enrolling.SECTION: "enrolling, and moving to a new version, beside the SQL that writes the same rows",
    threads.SECTION: "a launch to new people, their threads opened as it sends, and ahead",
    foreseeing.SECTION: "the dry run of 100,000 texts: time and memory",
    handset.SECTION: "API call to handset, whole process tree",
    memory.SECTION: "memory of each process while it sends",
    pages.SECTION: "pages at 10,000 and --size conversations",
}


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    wanted = options.sections or list(SECTIONS)
    unknown = sorted(set(wanted) - set(SECTIONS))
    if unknown:
        parser.error(f"there is no section {', '.join(unknown)}; choose from {', '.join(SECTIONS)}")
    report = Report()
    if rules.SECTION in wanted:
        rules.run(report, quick=options.quick)
    if set(wanted) - {rules.SECTION}:
        _with_servers(wanted, options, report)
    if options.json:
        options.json.write_text(json.dumps(report.sections, indent=1))


def _with_servers(wanted: list[str], options: argparse.Namespace, report: Report) -> None:
    quick, rounds = options.quick, 1 if options.quick else options.rounds
    with stack.servers() as servers:
        runs: dict[str, Callable[[], None]] = {
            sending.SECTION: lambda: sending.run(servers, report, quick=quick, rounds=rounds),
            web.SECTION: lambda: web.run(servers, report, quick=quick, rounds=rounds),
            law.SECTION: lambda: law.run(servers, report, quick=quick, rounds=rounds),
            tick.SECTION: lambda: tick.run(servers, report, quick=quick, rounds=rounds),
            enrolling.SECTION: lambda: enrolling.run(servers, report, quick=quick, rounds=rounds),
            threads.SECTION: lambda: threads.run(servers, report, quick=quick),
            foreseeing.SECTION: lambda: foreseeing.run(servers, report, quick=quick, rounds=rounds),
            handset.SECTION: lambda: handset.run(servers, report, quick=quick),
            memory.SECTION: lambda: memory.run(servers, report, quick=quick),
            pages.SECTION: lambda: pages.run(servers, report, quick=quick, size=options.size),
        }
        for section, run in runs.items():
            if section in wanted:
                run()


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:10} {what}" for name, what in SECTIONS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=f"{__doc__}\n\nsections (all of them, if none is named):\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="a look in a minute: small counts, one round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of interleaved variants")
    parser.add_argument("--size", type=int, default=100_000, help="leads and conversations of the larger database")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to this file too")
    return parser


if __name__ == "__main__":
    main()
