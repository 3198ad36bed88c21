"""The environment of a Leadline that brought its own services: what ``up`` gives its processes and other commands."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from webapp.simulator import defaults

DEFAULT_DATA_DIR = Path(".leadline")
_SERVICES = "services.env"
_SECRET_KEY = "secret_key"  # noqa: S105 (a file's name)


def simulator_environment(simulator_url: str, data_dir: Path) -> dict[str, str]:
    """What points the app at the simulator. A ``TWILIO_AUTH_TOKEN`` that is set stays: both sides sign with it."""
    return {
        "SIMULATOR_URL": simulator_url,
        "TWILIO_API_BASE_URL": simulator_url,
        "TWILIO_ACCOUNT_SID": defaults.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": os.environ.get("TWILIO_AUTH_TOKEN") or defaults.AUTH_TOKEN,
        "TWILIO_CONVERSATIONS_SERVICE_SID": defaults.CONVERSATIONS_SERVICE_SID,
        "TWILIO_MESSAGING_SERVICE_SID": defaults.MESSAGING_SERVICE_SID,
        "TWILIO_SMS_NUMBER": defaults.NUMBERS[0],
        "LEADLINE_CLOCK_FILE": str(clock_file(data_dir)),
    }


def clock_file(data_dir: Path) -> Path:
    """Where the simulator keeps how far business time is ahead."""
    return simulator_dir(data_dir) / "clock.json"


def simulator_dir(data_dir: Path) -> Path:
    """What the simulator remembers."""
    return data_dir.absolute() / "simulator"


def secret_key(data_dir: Path) -> str:
    """The key of this installation, made once."""
    file = data_dir / _SECRET_KEY
    if not file.exists():
        write_private(file, secrets.token_hex(32))
    return file.read_text(encoding="ascii").strip()


def write_services(data_dir: Path, services: Mapping[str, str]) -> None:
    """Leaves the addresses for other commands, as lines NAME=value, readable by the owner alone."""
    write_private(data_dir / _SERVICES, "".join(f"{name}={value}\n" for name, value in services.items()))


def adopt_services(data_dir: Path = DEFAULT_DATA_DIR) -> None:
    """Lets a command that ends by itself find the services of the ``leadline up`` of this folder.

    What is configured stays. Where there is no ``SECRET_KEY`` it gets one of its own: such a command signs nothing.
    """
    told = {} if os.environ.get("DATABASE_URL") else _told_services(data_dir)
    for name, value in told.items():
        os.environ.setdefault(name, value)
    simulator_url = os.environ.get("SIMULATOR_URL")
    if simulator_url and not os.environ.get("TWILIO_ACCOUNT_SID"):
        for name, value in simulator_environment(simulator_url, data_dir).items():
            os.environ.setdefault(name, value)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secret_key(data_dir) if told else secrets.token_hex(32)


def _told_services(data_dir: Path) -> dict[str, str]:
    file = data_dir / _SERVICES
    if not file.exists():
        return {}
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)


def write_private(file: Path, content: str) -> None:
    """Writes a file that only its owner can read, in one atomic step."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(content)
    fresh.replace(file)
