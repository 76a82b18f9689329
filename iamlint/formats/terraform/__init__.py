"""Reads the roles of Terraform and OpenTofu: configurations, plans, states."""
