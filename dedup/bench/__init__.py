"""Benchmarks for users: how fast a scan is on this machine, and how much it finds of what was planted."""
