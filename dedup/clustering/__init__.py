"""Clustering: from matches to article clusters, and from their shared spans to passage clusters."""
