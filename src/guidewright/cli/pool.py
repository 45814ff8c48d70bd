"""``guidewright pool``."""

from __future__ import annotations

from pathlib import Path

from guidewright.cli.console import counted, load_or_exit, progress, show_json
from guidewright.guideline.analyses import pool_project, save_results


def run(root: Path, *, as_json: bool, anew: bool) -> None:
    """Pool what changed, write the results, and show them."""
    from guidewright.publish.numbers import percent, summary

    project = load_or_exit(root, as_json=as_json)
    with progress("pooling") as step:
        pooling = pool_project(project, anew=anew, progress=step)
        files = save_results(project, pooling)
    if as_json:
        show_json({"results": {k: v.model_dump(mode="json") for k, v in pooling.results.items()}, "written": files})
        return
    for name, result in pooling.results.items():
        print(name)
        for pooled in [*result.strata, *([result.overall] if result.overall else [])]:
            numbers = summary(result.measure, pooled.summary, "en")
            print(f"  {pooled.stratum:<28} k={pooled.k:<3} {numbers}  I2 {percent(pooled.i2)}")
    analyses = counted(len(pooling.results), "analysis", "analyses")
    print(f"\n{analyses}, {len(pooling.computed)} computed anew, {counted(len(files), 'file')} changed")
