"""How good it is: schemes, levels, findings, strengths, and the trace of each decision."""
