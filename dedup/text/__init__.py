"""Text: from a page to its stories, and from a story to its paragraphs.

`stories` splits a page that holds several marked stories; `kernels` finds the paragraphs of a story.
"""
