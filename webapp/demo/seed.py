"""To be written."""


def seed_if_empty() -> None:
    return None
