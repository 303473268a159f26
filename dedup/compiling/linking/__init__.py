"""Kernels linked with all that they call."""
