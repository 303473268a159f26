"""Recurring text: which shingles articles share, and all the places where these stand."""
