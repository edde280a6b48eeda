"""Helpers that every room may use: randomness, validation, tables."""
