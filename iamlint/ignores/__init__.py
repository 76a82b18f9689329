"""What people wrote beside policies to have findings ignored, and whether it counts."""
