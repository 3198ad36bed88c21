"""What the builder shows and does: a draft's steps and rules, as forms and in words."""
