"""Sixty-four bytes of text at once: which of them stand in words, and which break lines."""
