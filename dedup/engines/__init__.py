"""Engines: the stages put together and run. `local` runs them on the threads of one machine."""
