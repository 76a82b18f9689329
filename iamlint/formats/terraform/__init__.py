"""Reads the roles of Terraform and OpenTofu: plans and states, and configurations (`reading`)."""
