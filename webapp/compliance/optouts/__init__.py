"""Who must not be texted: opt-outs however they come, doubts about them, and what follows from them."""
