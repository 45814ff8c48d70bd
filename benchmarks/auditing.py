"""How long the audit of the project in this folder takes, once everything is imported.

``python benchmarks/auditing.py``
"""

from __future__ import annotations

import time
from pathlib import Path

from guidewright.audit.checklists import checklists_of
from guidewright.audit.run import findings_of
from guidewright.guideline.analyses import pool_project
from guidewright.guideline.appraise import grade
from guidewright.project import load
from guidewright.review_flow import flow_of

start = time.process_time()
project, _ = load(Path())
if project is None:
    raise SystemExit("the files have problems; run guidewright check")
loaded = time.process_time()
pooling = pool_project(project, verified=False)
grades = grade(project, pooling.results)
graded = time.process_time()
findings = findings_of(project, pooling, grades, flow_of(project))
audited = time.process_time()
checklists_of(project, findings)
listed = time.process_time()
print(f"load {loaded - start:.2f} s, pool and grade {graded - loaded:.2f} s, audit {audited - graded:.2f} s", end="")
print(f" ({len(findings)} findings), checklists {listed - audited:.2f} s; processor time")
