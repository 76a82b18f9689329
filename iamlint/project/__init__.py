"""What a project on the disk gives a check: its configuration, its rules, and what was kept."""
