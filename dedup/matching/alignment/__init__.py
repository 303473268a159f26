"""Alignment: the passages that two texts share, seeded by shared shingles and joined over small edits."""
