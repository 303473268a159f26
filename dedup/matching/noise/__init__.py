"""Noise: how many words of two texts stand for one another where typing errors have torn their shingles."""
