"""Pooling counts: Mantel-Haenszel, Peto, and generalised linear mixed models for rare events."""
