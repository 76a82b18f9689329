"""What a project says about itself in `iamlint.toml` or `pyproject.toml`."""
