"""Cases for attribution made by hand: invented stories of realistic form."""

from __future__ import annotations

from dedup import attribution, records

AGENCIES = attribution.load_agencies()
BODY = "The council agreed on the plan after a long debate. Work on the bridge will begin in June.\n" * 6


def story(text, article_id="a", **fields):
    """Return a story that is a page of its own."""
    return records.Story(article_id, text, 0, len(text), **fields)


def case(*stories, spans=None, shares=None, roles=None):
    """Return a case of these stories; unless said otherwise each is a copy, and the passages are not known."""
    count = len(stories)
    return records.Case(stories, spans or ((),) * count, shares or (1.0,) * count, roles or ("copy",) * count)


def verdict(*stories, **what):
    """Return the verdict on a case of these stories."""
    return attribution.attribute(case(*stories, **what), AGENCIES)


def credits_elsewhere(one):
    """Return whether a story says itself that it is somebody else's."""
    return bool(attribution.credits_elsewhere(records.Stories.of([one]), AGENCIES)[0])


def lone(text, **fields):
    """Return the verdict on one story alone."""
    return verdict(story(text, **fields))


def rules_of(given, says=None):
    """Return the names of the rules in a verdict's evidence."""
    return {piece.rule for piece in given.evidence if says in (None, piece.says)}


def quotes_hold(given, *stories):
    """Return whether each quote of a verdict stands in its field where it says."""
    for piece in given.evidence:
        if piece.quote is not None:
            of = stories[piece.story]
            held = of.page_text if piece.field == "text" else getattr(of, piece.field)
            if held[piece.start : piece.end] != piece.quote:
                return False
            if piece.field == "text" and not of.start <= piece.start < piece.end <= of.end:
                return False
    return True
