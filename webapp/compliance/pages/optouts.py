"""Who must not be texted, and how everybody else agreed."""
