"""``guidewright schema``."""

from __future__ import annotations

import json
from pathlib import Path

from guidewright.schemas import dictionary, json_schemas
from guidewright.writing import write


def run(folder: Path, dictionary_file: Path | None) -> None:
    """Write the JSON Schemas, and the data dictionary if asked."""
    schemas = json_schemas()
    for name, schema in schemas.items():
        write(folder / f"{name}.json", json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(schemas)} schemas in {folder}")
    if dictionary_file is not None:
        write(dictionary_file, dictionary())
        print(f"data dictionary in {dictionary_file}")
