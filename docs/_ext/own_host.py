"""Pages that ask no other host for scripts, styles, fonts or pictures."""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

ASKED = re.compile(
    r'<(?:script|img|link)\b[^>]*?\b(?:src|href)="((?:https?:)?//[^"]+)'
    r"|url\(['\"]?((?:https?:)?//[^)'\"]+)"
)


def check(app, exception):
    """Raise where a page that was written asks another host."""
    if exception is not None or app.builder.name != "html":
        return
    for path in Path(app.outdir).rglob("*"):
        if path.suffix not in (".html", ".css"):
            continue
        if found := ASKED.search(path.read_text("utf-8")):
            raise ExtensionError(
                f"{path.relative_to(app.outdir)} asks another host: "
                f"{found[1] or found[2]}. Pages must work without a network; bring "
                "the file along in docs/_static."
            )


def setup(app):
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
