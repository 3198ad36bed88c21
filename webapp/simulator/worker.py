"""gunicorn's threaded worker, without its stall at the end of a connection."""

from typing import Any

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import ThreadWorker


class SimulatorWorker(ThreadWorker):
    """gunicorn 27 waits up to two seconds, on the thread that hands out all work, for a client to close its end.

    One client that says `Connection: close` and dawdles would stop the whole simulator for so long. Here the wait is
    done on the thread that answered.
    """

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's own types
        keep = super().handle(conn)
        if keep is False:
            close_graceful(conn.sock)
        return keep
