"""Errors of typing and of character recognition, put into a text."""

from __future__ import annotations

import numpy as np

CONFUSED = {
    "rn": "m",
    "m": "rn",
    "cl": "d",
    "d": "cl",
    "vv": "w",
    "w": "vv",
    "l": "1",
    "1": "l",
    "i": "l",
    "I": "l",
    "O": "0",
    "0": "O",
    "o": "0",
    "e": "c",
    "c": "e",
    "h": "b",
    "n": "u",
    "u": "n",
    "s": "5",
    "5": "S",
    "S": "5",
    "B": "8",
    "8": "B",
    "t": "f",
    "f": "t",
    "g": "q",
    ",": ".",
    ".": ",",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_INSERTED = f"{_LETTERS}  "
_KINDS = ("substitute", "drop", "insert", "transpose", "confuse")
_SHARES = (0.3, 0.2, 0.15, 0.1, 0.25)
_UP_TO = np.cumsum(_SHARES)[:-1]


def corrupt(text: str, rate: float, chance: np.random.Generator) -> str:
    """Return a text in which a share of the characters is wrong: `rate` of them, as near as a whole number comes.

    At each place a character is substituted, dropped, inserted before, transposed with the next, or misread (rn for
    m, 1 for l). A place may be a space, so that words are torn and joined.

    Parameters
    ----------
    rate : share of the characters, 0 to 1

    >>> import numpy
    >>> corrupt("shares of the company fell", 0, numpy.random.default_rng(1))
    'shares of the company fell'
    >>> corrupt("shares of the company fell", 0.1, numpy.random.default_rng(1)) == "shares of the company fell"
    False
    """
    n_wrong = round(rate * len(text))
    if n_wrong == 0:
        return text
    places = sorted(chance.choice(len(text), n_wrong, replace=False).tolist())
    kinds = np.searchsorted(_UP_TO, chance.random(n_wrong), side="right").tolist()
    letters = chance.integers(0, len(_INSERTED), n_wrong).tolist()
    parts = []
    done = 0
    for place, kind, letter in zip(places, kinds, letters, strict=True):
        if place < done:
            continue  # the transposition or misreading before took this character too
        parts.append(text[done:place])
        wrong, n_taken = _error(_KINDS[kind], text[place : place + 2], _INSERTED[letter])
        parts.append(wrong)
        done = place + n_taken
    parts.append(text[done:])
    return "".join(parts)


def _error(kind: str, pair: str, letter: str) -> tuple[str, int]:
    """Return what stands for the first characters of `pair`, and how many of them it stands for."""
    if kind == "drop":
        return "", 1
    if kind == "insert":
        return letter + pair[0], 1
    if kind == "transpose" and len(pair) > 1 and pair[0] != pair[1]:
        return pair[1] + pair[0], 2
    if kind == "confuse":
        for length in (2, 1):
            if len(pair) >= length and pair[:length] in CONFUSED:
                return CONFUSED[pair[:length]], length
    if letter == pair[0]:
        return _LETTERS[(_LETTERS.find(letter) + 1) % len(_LETTERS)], 1
    return letter, 1
