"""Sentences: before which words something whole ends or begins."""
