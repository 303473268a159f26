"""Runs: maximal sequences of shingles that two texts share, the seeds of alignment."""
