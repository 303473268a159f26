"""Planting: archives made of made-up news, whose copies are known, to measure a scan on.

`prose` makes articles, `plans` decides what each record is, `edits` makes the copies, `outlets` puts furniture around
them, `archives` brings them together and `truths` says what was planted.
"""
