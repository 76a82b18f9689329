"""Reads Terraform configurations as they will be applied; expressions begin in `evaluate`."""
