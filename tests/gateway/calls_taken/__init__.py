"""Calls that staff take."""
