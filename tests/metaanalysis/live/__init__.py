"""Our library beside R's metafor, live: random analyses through both, ``python -m tests.metaanalysis.live``."""
