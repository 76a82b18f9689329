"""Reads the roles of Terraform and OpenTofu: plans, states, configuration."""
