"""What a trust policy means: the set of requests it admits, and exact answers about that set."""
