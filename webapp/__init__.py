"""Leadline: the self-hosted SMS workbench. Import-light, so that the simulator and the local servers start alone."""
