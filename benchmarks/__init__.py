"""The figures of the project, each with the command that measures it.

Every module here but `data` and `timing` is a script, `python -m benchmarks.NAME`; the gates of the tests call
the same functions.
"""
