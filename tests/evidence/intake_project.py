"""A project with two exports and two people, made anew for each test."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import run

PEOPLE = ("example-member-one", "example-member-two")
PUBMED = """@article{p1, title={Vertebroplasty versus sham procedure for painful osteoporotic vertebral fractures},
  author={Firanescu, Cristina E. and de Vries, Jolanda}, journal={BMJ}, year={2018}, volume={361}, pages={k1551},
  doi={10.1136/bmj.k1551}, abstract={A randomised trial of vertebroplasty in older adults with acute fractures.}}
@article{p2, title={Neurological involvement in a child with a vertebral fracture}, author={Koehl, B. and Boyer, O.},
  journal={Pediatric Spine}, year={2010}, volume={25}, number={9}, pages={1875}}
@article{p3, title={Bracing after burst fracture: a cohort study}, author={Li, Na}, journal={Spine}, year={2019},
  volume={3}, pages={10-19}, abstract={=HYPERLINK("x") is how this abstract starts, and \x1b[31mred\x1b[0m it goes on.}}
"""
EMBASE = """@article{e1,
  title={VERTEBROPLASTY VERSUS SHAM PROCEDURE FOR PAINFUL OSTEOPOROTIC VERTEBRAL FRACTURES. [Review]},
  author={Firanescu, C and de Vries, J}, journal={BMJ (Clinical research ed.)}, year={2018}, volume={361},
  pages={k1551}}
@article{e2, title={Neurological involvement in a child with a vertebral fracture}, author={Koehl, B and Boyer, O},
  journal={Pediatric Spine}, year={2010}, volume={25}, number={12}, pages={2539-2542}}
"""


def intake_project(folder: Path, exports: dict[str, str] | None = None) -> Path:
    """A small project whose search log names exports; each is name -> BibTeX."""
    root = folder / "project"
    assert run("new", root).exit_code == 0
    log = root / "evidence/searches.yml"
    kept = root / "evidence/searches/exports"
    kept.mkdir(parents=True)
    exports = {"pubmed": PUBMED, "embase": EMBASE} if exports is None else exports
    entries = ""
    for name, content in exports.items():
        (kept / f"{name}.bib").write_text(content, encoding="utf-8")
        entries += f"  - {{name: {name.capitalize()}, file: searches/exports/{name}.bib}}\n"
    text = log.read_text(encoding="utf-8").replace("databases:\n", f"databases:\n{entries}", 1)
    log.write_text(text, encoding="utf-8")
    return root
