"""The page in a real browser: no complaint, no request."""

import json
import os
import re
import shutil
import subprocess

import pytest

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
SETTINGS = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # it finds no host, should it ask
    "--enable-logging=stderr",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium"),
]


@pytest.fixture
def open_page(tmp_path):
    """Open a file and return what became of it, the console and the requests."""

    def open_page(path, width=1280):
        log = tmp_path / "log.json"
        # A browser refuses to shut root in, as containers would have it.
        free = ["--no-sandbox"] if os.geteuid() == 0 else []
        files = [f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}"]
        done = subprocess.run(
            [
                BROWSER,
                *SETTINGS,
                *free,
                *files,
                f"--window-size={width},900",
                "--dump-dom",
                path.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if "<" not in done.stdout:
            pytest.skip(f"Chromium does not start: {done.stderr[-300:]}")
        console = re.findall(r"CONSOLE.*", done.stderr)
        return done.stdout, console, requests_of_page(json.loads(log.read_text()))

    return open_page


def requests_of_page(log):
    """URLs that a page asked for; those of the browser itself have no origin."""
    parameters = (event.get("params") for event in log["events"])
    return {
        of_event["url"]
        for of_event in parameters
        if isinstance(of_event, dict)
        and of_event.get("initiator", "not an origin") != "not an origin"
    }


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        ("evaluation", "Synthetic rows, judged", "Does it look real?"),
        ("study", "&lt;script&gt;document.title='taken'", "In plain words"),
    ],
)
def test_the_page_brings_no_error_and_asks_for_nothing(
    kind, title, text, width, pages, open_page
):
    dom, console, requests = open_page(pages[kind], width)
    assert text in dom
    assert f"<title>{title}" in dom  # no script has changed it
    assert console == []
    assert {url for url in requests if not url.startswith("data:")} == set()


def test_a_page_that_asks_and_fails_would_be_noticed(open_page, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        '<img src="http://example.invalid/x.png"><script>no_such_thing()</script>'
    )
    _, console, requests = open_page(path)
    assert "no_such_thing" in console[0]
    assert requests == {"http://example.invalid/x.png"}
