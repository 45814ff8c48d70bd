"""How people enter appraisals: what is still to do, and sheets to fill in. It shows nobody the answers of another."""
