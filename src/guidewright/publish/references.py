"""References as readers expect them: GB/T 7714 in Chinese, Vancouver in English, set by pandoc's citeproc.

Only identified publications are set; for the others the site says in words what is known of them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from importlib.resources import as_file, files
from typing import Any

from guidewright.evidence.bibliography import Name, Record
from guidewright.evidence.importers.kinds_of_publication import BIBTEX

#: Citation style of each language of the site; another language gets Vancouver.
STYLES = {"zh": "gb-t-7714-2015-numeric.csl"}
DEFAULT_STYLE = "vancouver.csl"


def format_references(records: Iterable[Record], language: str) -> Mapping[str, str]:
    """Set the identified records in the style of a language.

    Returns plain text by citation key (no markup, so nothing in a record can become HTML).

    A work in Chinese gets Chinese terms (等), any other work English ones (et al), whatever the page's language,
    as GB/T 7714 asks.

    Raises RuntimeError if pandoc fails, which is a fault of the tool.
    """
    style = STYLES.get(language, DEFAULT_STYLE)
    identified = [record for record in records if record.identified]
    done: dict[str, str] = {}
    for chinese in (True, False):
        group = [record for record in identified if (record.language == "zh") == chinese]
        if group:
            locale = "zh-CN" if chinese and language == "zh" else "en-US"
            done |= _citeproc(_as_json([csl_item(record) for record in group]), style, locale)
    return done


def format_items(items: Iterable[Mapping[str, Any]], language: str) -> Mapping[str, str]:
    """Set other CSL items, such as the pages of the site itself, in the style of a language: plain text by ``id``.

    Raises RuntimeError if pandoc fails, which is a fault of the tool.
    """
    style = STYLES.get(language, DEFAULT_STYLE)
    return _citeproc(_as_json(items), style, "zh-CN" if language == "zh" else "en-US")


def _as_json(items: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps([dict(item) for item in items])


def csl_item(record: Record) -> dict[str, Any]:
    """A record as a CSL-JSON item."""
    kind = BIBTEX.get(record.entry_type, "document")
    item: dict[str, Any] = {
        "id": record.key,
        "type": "webpage" if kind == "document" and record.url and not record.journal else kind,
        "title": record.title,
        "author": [_csl_name(name) for name in record.author]
        + ([{"literal": "others"}] if record.authors_incomplete else []),
        "container-title": record.journal,
        "volume": record.volume,
        "issue": record.number,
        "page": record.pages.replace("--", "-") if record.pages else None,
        "publisher": record.publisher,
        "DOI": record.doi,
        "URL": None if record.doi else record.url,
        "language": record.language,
    }
    if record.year:
        item["issued"] = {"date-parts": [[record.year]]}
    return {key: value for key, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    return {"family": name.family or "", "given": name.given or ""}


class _Entries(HTMLParser):
    """Collects the text of each entry of pandoc's bibliography, without its number."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, str] = {}
        self._key: str | None = None
        self._skip = 0
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag != "div":
            return
        self._depth += 1
        if "csl-entry" in (found.get("class") or ""):
            self._key = (found.get("id") or "").removeprefix("ref-")
            self.entries[self._key] = ""
        elif "csl-left-margin" in (found.get("class") or ""):
            self._skip = self._depth

    def handle_endtag(self, tag: str) -> None:
        if tag != "div":
            return
        if self._skip == self._depth:
            self._skip = 0
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._key is not None and not self._skip:
            self.entries[self._key] += data


@lru_cache(maxsize=100)
def _citeproc(items: str, style: str, locale: str) -> Mapping[str, str]:
    import pypandoc  # noqa: PLC0415 - only needed when a site is built

    with as_file(files("guidewright.publish").joinpath("styles", style)) as path:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [
                pypandoc.get_pandoc_path(),
                "--from=csljson",
                "--to=html",
                "--citeproc",
                f"--csl={path}",
                "--wrap=none",
                f"--metadata=lang:{locale}",
                "--sandbox",
            ],
            input=items,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"pandoc failed: {done.stderr.strip()}")
    parser = _Entries()
    parser.feed(done.stdout)
    return {key: _tidy(text) for key, text in parser.entries.items()}


def _tidy(text: str) -> str:
    """One line; the stand-in author that marks an open list becomes *et al*."""
    line = " ".join(text.split())
    for wrong, right in (
        (", OTHERS", ", et al"),
        (", others", ", et al"),
        (", et al, et al", ", et al"),
        (", 等, et al", ", 等"),
    ):
        line = line.replace(wrong, right)
    return line.replace("et al..", "et al.")
