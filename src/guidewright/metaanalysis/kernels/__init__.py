"""Arithmetic over many meta-analyses at once: flat arrays and group offsets, no Python loop over analyses.

One analysis is a batch of one, and its numbers are the same to the last bit as in a batch of millions.
"""
