"""The steps by which :mod:`guidewright.project` loads a folder: find the files, read each, read the tables."""
