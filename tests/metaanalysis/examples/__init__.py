"""Published analyses, computed anew: each with the place of its numbers, what is printed there and what we get.

``python -m tests.metaanalysis.examples`` writes them to docs/published-examples.md. Nothing here is an example that
was not read: each says where its printed numbers were read, or that they are from memory (``standing: knowledge``).
"""
