"""Edits of policies: what a rule would have done, whether that is safe, and the text of it."""
