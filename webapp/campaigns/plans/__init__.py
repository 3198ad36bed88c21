"""The dry run, what a launch foresaw, and what came of it."""
