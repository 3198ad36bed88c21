"""Which user a local server runs as, and what that user can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.local.errors import LocalServerError

_UNPRIVILEGED = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """A user to run as, by number."""

    uid: int
    gid: int

    @classmethod
    def ourselves(cls) -> "Account":
        return cls(os.geteuid(), os.getegid())

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """What subprocess needs in order to run a program as this user."""
        return {} if self.is_us else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, path: Path) -> bool:
        """Whether this user can reach and enter (a directory) or execute (a file) `path`; asked as that user."""
        if self.is_us:
            return os.access(path, os.X_OK)
        probe = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(probe, check=False, cwd="/", **self.popen_options()).returncode == 0

    def give(self, path: Path) -> None:
        """Make this user the owner of `path` alone, never of anything above it."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid)


def account_for(existing: Path) -> Account:
    """Who PostgreSQL runs as: the owner of `existing` data, else ourselves or, as it refuses root, a harmless user."""
    if existing.exists():
        owner = existing.stat()
        return _may_act_as(Account(owner.st_uid, owner.st_gid), existing)
    if os.geteuid() != 0:
        return Account.ourselves()
    return _somebody_harmless()


def _may_act_as(owner: Account, data: Path) -> Account:
    if os.geteuid() not in (0, owner.uid):
        raise LocalServerError(
            f"{data} belongs to another user of this machine. Start as that user or choose another folder "
            "with --data-dir."
        )
    return owner


def _somebody_harmless() -> Account:
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LocalServerError(
        "PostgreSQL does not run as root and this machine has none of the users "
        f"{', '.join(_UNPRIVILEGED)}. Start as an ordinary user or set DATABASE_URL."
    )
