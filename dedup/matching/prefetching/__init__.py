"""Memory that is asked for before its turn."""
