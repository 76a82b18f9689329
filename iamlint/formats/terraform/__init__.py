"""Reads Terraform configurations as they will be applied."""
