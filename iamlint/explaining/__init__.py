"""Tells what is at a place of a file, and who can get in through it: what an editor shows."""
