"""People's data: what they ask about it, what is given to them, what is erased, and how long the rest is kept."""
