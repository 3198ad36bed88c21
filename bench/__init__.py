"""Measures what Leadline claims, beside the floor that each number is compared with. Run with ``make bench``."""
