"""Readers of the export files of databases and reference managers: one file per family of formats.

Every reader takes text and gives a :class:`~guidewright.evidence.importers.export.Reading`: the records, how many the
file announces, and every line that was not understood. :func:`~guidewright.evidence.importers.reading.read_export`
puts decoding, detection and reader together.
"""
