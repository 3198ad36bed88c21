"""Do-not-call lists: filled from files, looked numbers up in, and taken away."""
