"""Guidewright: plain files in, a graded, pooled, audited guideline site out."""

__version__ = "0.1.0"
