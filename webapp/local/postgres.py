"""The embedded PostgreSQL that `leadline up` starts when there is no DATABASE_URL."""

import os
import secrets
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path

from webapp.local.accounts import Account, account_for
from webapp.local.errors import LocalServerError
from webapp.local.ports import LOOPBACK
from webapp.local.programs import SHARED_HOME, postgres_programs
from webapp.local.server import EmbeddedServer

NAME = "leadline"  # of the database and of its owner

# Small enough for a laptop and a 512 MB box, large enough for a bench.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # no socket, so no 107-character limit and no lock file in /tmp
    "max_connections": "40",
    "shared_buffers": "64MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "log_checkpoints": "off",
    # A failing statement carries texts and phone numbers; the log may not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL 18 in `data_dir`, on 127.0.0.1 with a password kept there.

    Run by root, it works as an unprivileged user, who is given the cluster folder and nothing else. Where that user
    cannot pass through `data_dir`'s parents, the cluster is made under /var/lib/leadline and `data_dir/cluster` is a
    link to it.
    """

    title = "PostgreSQL"
    program = "postgres"
    polite_signal = signal.SIGINT  # its "fast" shutdown
    remedy = "set DATABASE_URL to a server of your own"

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        """The address of another database in this server."""
        return f"postgresql://{NAME}:{self._password}@{LOOPBACK}:{self.port}/{database}"

    def remove(self) -> None:
        """Stop and delete everything, wherever the cluster is; for tests."""
        self.stop()
        home = self._cluster.parent
        shutil.rmtree(self.data_dir, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)

    @cached_property
    def _password(self) -> str:
        return (self.data_dir / "password").read_text(encoding="ascii").strip()

    @property
    def _cluster(self) -> Path:
        return (self.data_dir / "cluster").resolve()

    def _working_directory(self) -> Path:
        return self._cluster

    def _account(self) -> Account:
        return account_for(self._cluster)

    def _command(self) -> list[str]:
        settings = _SETTINGS | (_FORGETFUL if self._for_tests else {}) | {"port": str(self.port)}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return [str(postgres_programs(self._account()) / "postgres"), "-D", str(self._cluster), *options]

    def _answers(self) -> bool:
        """The eighth line of the server's own lock file, as pg_ctl reads it, once our process has written it."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _may_pass(self, log: str) -> bool:
        # After a kill -9 of the main process its helpers need a moment to notice.
        return "shared memory block" in log or super()._may_pass(log)

    def _prepare(self) -> None:
        if (self._cluster / "PG_VERSION").exists():
            # Nothing of ours runs here now; a number left behind may be another process's by now.
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        else:
            self._create_cluster(account_for(self._cluster))

    def _create_cluster(self, account: Account) -> None:
        """Built beside its place and renamed at the end: a cluster that exists is whole."""
        place = self._choose_place(account)
        unfinished = place.with_name("cluster.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account.give(unfinished)
        self._initdb(unfinished, account)
        self._create_database(unfinished, account)
        unfinished.rename(place)

    def _choose_place(self, account: Account) -> Path:
        link = self.data_dir / "cluster"
        if not link.is_symlink() and not account.can_enter(self.data_dir):
            link.symlink_to(SHARED_HOME / f"data-{secrets.token_hex(8)}" / "cluster")
        place = link.resolve()
        if place != link:
            place.parent.mkdir(parents=True, exist_ok=True)
            SHARED_HOME.chmod(0o755)
            place.parent.chmod(0o711)
        return place

    def _initdb(self, cluster: Path, account: Account) -> None:
        password_file = self._write_password(cluster.parent, account)
        options = ["--username", NAME, "--pwfile", str(password_file), "--auth=scram-sha-256", "--encoding=UTF8"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        options += ["--no-sync"] if self._for_tests else []
        try:
            self._run(account, "initdb", "-D", str(cluster), *options)
        finally:
            password_file.unlink()

    def _write_password(self, folder: Path, account: Account) -> Path:
        """Keep the password for us; return a copy that initdb, as `account`, can read."""
        password = secrets.token_urlsafe(24)
        for path in (self.data_dir / "password", folder / "initdb.password"):
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
            path.write_text(password, encoding="ascii")
        account.give(path)
        return path

    def _create_database(self, cluster: Path, account: Account) -> None:
        statement = f"CREATE DATABASE {NAME}\n"
        self._run(account, "postgres", "--single", "-D", str(cluster), "postgres", statement=statement)

    def _run(self, account: Account, program: str, *arguments: str, statement: str = "") -> None:
        done = subprocess.run(
            [str(postgres_programs(account) / program), *arguments],
            input=statement,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            **account.popen_options(),
        )
        if done.returncode != 0:
            raise LocalServerError(f"PostgreSQL's {program} failed: {done.stderr.strip() or done.stdout.strip()}")
