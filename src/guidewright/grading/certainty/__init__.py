"""Certainty of a body of evidence by the GRADE approach: rules as data, suggestions, and the decisions of people."""
