"""Sketching: from the text of stories to signatures, shingle sets, samples and paragraph keys."""
