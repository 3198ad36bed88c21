"""How leads come into a campaign: by list, filter, hand or by themselves; who is left out; whose turn it is."""
