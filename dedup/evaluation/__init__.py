"""Evaluation: how good a scan is, by labels that people made, or by brute force over a sample of its own archive."""
