"""Facts about AWS and its identity providers, each row with its source."""
