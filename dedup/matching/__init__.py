"""Matching: from sketches to candidate pairs, and from those to verified matches with their passages."""
