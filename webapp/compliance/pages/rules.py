"""When texts may go."""
