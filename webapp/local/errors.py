"""What goes wrong with servers that we start ourselves, in one plain sentence each."""


class LocalServerError(RuntimeError):
    """A local server could not be started; the message is meant for the person at the terminal."""


class PortTakenError(LocalServerError):
    """Somebody listens there already; the message names the port and how to choose another."""
