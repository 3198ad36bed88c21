"""`python -m webapp.simulator`: the stand-in carrier on its own."""

import argparse
import ctypes
import signal
from pathlib import Path

from webapp.simulator import defaults
from webapp.simulator.config import SimulatorConfig
from webapp.simulator.server import run

PR_SET_PDEATHSIG = 1


def main() -> None:
    options = _parser().parse_args()
    if options.end_with_parent:
        _end_with_parent()
    config = SimulatorConfig(
        state_dir=options.state_dir,
        numbers=tuple(options.number or defaults.NUMBERS),
        webhook_url=options.webhook_url,
        app_url=options.app_url,
        opt_out_handling=options.opt_out_replies,
        carrier_latency_ms=options.carrier_latency_ms,
        texts_per_second=options.texts_per_second,
        zone=options.zone,
    )
    run(config, options.bind or f"{options.host}:{options.port}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m webapp.simulator", description=__doc__)
    parser.add_argument("--host", default=defaults.HOST)
    parser.add_argument("--port", type=int, default=defaults.PORT)
    parser.add_argument("--bind", help="a gunicorn address instead of host and port, such as fd://3")
    parser.add_argument("--state-dir", type=Path, required=True, help="where everything is remembered")
    parser.add_argument("--number", action="append", help="a sender of the account in E.164 form; may be repeated")
    parser.add_argument("--webhook-url", help="where Twilio's webhooks go")
    parser.add_argument("--app-url", help="Leadline's address for \"See in Leadline\"; default: the webhook's origin")
    parser.add_argument(
        "--opt-out-replies",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Twilio answers STOP, START and HELP and blocks by itself; off, both are left to the app",
    )
    parser.add_argument("--carrier-latency-ms", type=int, default=defaults.CARRIER_LATENCY_MS)
    parser.add_argument("--texts-per-second", type=float, default=defaults.TEXTS_PER_SECOND, help="of each sender")
    parser.add_argument("--zone", default=defaults.ZONE, help="IANA zone that the pages show times in")
    parser.add_argument("--end-with-parent", action="store_true", help="SIGTERM when the starting thread ends (Linux)")
    return parser


def _end_with_parent() -> None:
    """A killed test run must not leave its simulator behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


main()
