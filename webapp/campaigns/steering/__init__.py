"""What people do with a campaign, and with one lead's way through it: launch, pause, move, take back."""
