"""The registration with the carriers: what it asks, what is wrong with the answers, and what came of it."""
