"""Reads CloudFormation templates: what they deploy, as far as it can be known before."""
