"""What a page's scripts weigh, and how much they may: kB of 1024 bytes as gzip has them."""

import gzip

from playwright.sync_api import Page

from tests.browser.test_public_map import opened

PUBLIC_JS_KB = 120
PLANNER_JS_KB = 250


def script_sizes(page: Page, path: str) -> dict[str, float]:
    """Of each script by its address, once the page of that path has nothing more to load."""
    scripts: dict[str, bytes] = {}
    page.on(
        "response",
        lambda answer: (
            scripts.update({answer.url: answer.body()})
            if answer.request.resource_type == "script"
            else None
        ),
    )
    opened(page, path)
    page.wait_for_load_state("networkidle")
    return {url: len(gzip.compress(body, 9)) / 1024 for url, body in scripts.items()}
