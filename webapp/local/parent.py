"""Children that do not outlive their parent, not even one that was killed with SIGKILL."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded at import: between fork and exec there must be no dlopen.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent_pid: int, signal_number: signal.Signals) -> None:
    """Ask the kernel to send us `signal_number` when the thread that forked us ends. Call in the child.

    The kernel clears this on a change of user, so it comes after setuid. It watches the forking *thread*: fork from
    the main thread only. Where the kernel has no such thing (macOS) the next start clears up what was left.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() != parent_pid:  # it died before we asked
        os._exit(1)
