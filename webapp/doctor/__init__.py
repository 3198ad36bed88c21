"""``leadline doctor``: looks at everything that Leadline needs, and says of each what is wrong and how to mend it."""
