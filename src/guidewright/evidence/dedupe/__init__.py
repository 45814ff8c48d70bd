"""Find the records that are the same publication, without losing a study.

The way in is :func:`guidewright.evidence.dedupe.decide.find_duplicates`; rules and points stand in ``rules.yml`` and
``words.yml``.
"""
