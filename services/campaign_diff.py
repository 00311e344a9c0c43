"""What differs between two versions of a campaign, or a file and what runs, as unified diffs of every text."""

import difflib
from collections.abc import Iterator, Mapping

from services.store.campaigns import VersionRow
from services.version_content import SEGMENTS, VersionContent


def texts_of_version(row: VersionRow) -> dict[str, str]:
    """The texts of a stored version by name."""
    texts = {"definition": row.definition, **{f"templates/{path}": text for path, text in row.templates.items()}}
    return texts if row.segments is None else {**texts, SEGMENTS: row.segments}


def texts_of_content(content: VersionContent) -> dict[str, str]:
    """The texts of a version that lies in files, by the same names."""
    names = {"template": "templates/{}", "definition": "definition", SEGMENTS: SEGMENTS}
    return {names[row.kind].format(row.name): row.body for row in content.contents}


def differences(
    before: Mapping[str, str], after: Mapping[str, str], *, before_name: str, after_name: str
) -> Iterator[str]:
    """The lines of the diff, text by text; none where nothing differs."""
    for name in sorted({*before, *after}):
        yield from difflib.unified_diff(
            before.get(name, "").splitlines(),
            after.get(name, "").splitlines(),
            f"{before_name}/{name}",
            f"{after_name}/{name}",
            lineterm="",
        )
