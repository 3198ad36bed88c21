"""When texts may go: shown as pages have it, and changed. What the gate asks of it is ``compliance.hours``."""
