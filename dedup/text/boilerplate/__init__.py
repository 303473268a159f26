"""Boilerplate: the lines of a page that are no part of its story.

`lines` says what each line is, `furniture` finds menus and lists by their shape, `learning` what an outlet repeats.
"""
