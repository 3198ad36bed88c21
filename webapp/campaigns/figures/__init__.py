"""What a campaign has done so far: its figures, its leads, one lead's way."""
