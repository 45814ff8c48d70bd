"""From evidence to a decision: the criteria of the GRADE framework as data."""
