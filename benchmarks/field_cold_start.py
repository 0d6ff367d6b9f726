"""The field app's cold start without network: a new browser, the server dead, until the list stands on the screen.

Each round starts Chromium anew on a profile that holds the app and the inspector's sites, and slows its CPU. Its limits
stand beside the figures: 3000 ms with a CPU four times slower, and 220 kB of compressed JavaScript.
No base map of 35 MB is kept on the tablet yet, so none is in this figure.
Usage, with the server of ./run listening over the demonstration city:

    .venv/bin/python benchmarks/field_cold_start.py http://127.0.0.1:8000 --password … [--profile]
"""

import argparse
import gzip
import json
import re
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.field.wire import Wire

LIMIT_MS, LIMIT_KB = 3_000, 220
# When the first row stands in the page, and the frame after it is painted.
WATCH = """new MutationObserver((_changes, watching) => {
    if (!document.querySelector('.site-row')) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark('list-shown')));
}).observe(document, { childList: true, subtree: true });"""
SHOWN = "performance.getEntriesByName('list-shown')[0]?.startTime ?? 0"
PAINT = "performance.getEntriesByName('first-paint')[0]?.startTime ?? 0"


def opened(playwright: Playwright, profile: str, url: str) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path="/usr/bin/chromium",
        args=["--headless", "--no-sandbox", "--disable-gpu"],
        viewport={"width": 820, "height": 1180},
        base_url=url,
        locale="zh-CN",
    )


def prepare(playwright: Playwright, profile: str, url: str, password: str) -> int:
    """Sign in and wait until everything is on the tablet; how many sites it has."""
    context = opened(playwright, profile, url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=username]", "inspector")
    page.fill("input[name=password]", password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
    page.goto("/field/")
    page.locator(".pill.good", has_text="✓").wait_for(timeout=120_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/field/#/sync")
    page.get_by_text("应用和底图已可在无网络时启动").wait_for(timeout=60_000)
    page.goto("/field/#/")
    page.locator(".site-row").first.wait_for()
    count = page.locator("h1 small").inner_text()
    context.close()
    return int(re.sub(r"\D", "", count))


def start(
    playwright: Playwright, profile: str, url: str, cpu: int, trace: Path | None
) -> tuple[float, float]:
    """First paint and the list's, ms since the navigation began."""
    context = opened(playwright, profile, url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    page.add_init_script(WATCH)
    if trace:
        session.send("Profiler.enable")
        session.send("Profiler.start")
    page.goto("/field/", wait_until="commit")
    page.locator(".site-row").first.wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    shown, paint = page.evaluate(SHOWN), page.evaluate(PAINT)
    if trace:
        _report_profile(session, trace)
    context.close()
    return paint, shown


def _report_profile(session: CDPSession, trace: Path) -> None:
    """Where the time went, by function; the whole profile goes to a file that the browser's tools read."""
    profile = session.send("Profiler.stop")["profile"]
    trace.write_text(json.dumps(profile))
    names = {
        node["id"]: f"{node['callFrame']['functionName'] or '(anonymous)'} "
        f"{node['callFrame']['url'].rsplit('/', 1)[-1]}:{node['callFrame']['lineNumber'] + 1}"
        for node in profile["nodes"]
    }
    spent: dict[str, float] = {}
    for node, micros in zip(profile["samples"], profile["timeDeltas"], strict=True):
        spent[names[node]] = spent.get(names[node], 0) + micros / 1000
    for name, millis in sorted(spent.items(), key=lambda pair: -pair[1])[:25]:
        print(f"  {millis:>7.0f} ms  {name}")


def scripts_kb(url: str) -> float:
    """Compressed, of every script that the worker keeps."""
    with urllib.request.urlopen(f"{url}/sw.js") as answer:
        told = re.search(r"self\.FIELD = (.*);\n", answer.read().decode())
    assert told
    names = [entry["url"] for entry in json.loads(told[1])["entries"]]
    total = 0
    for name in names:
        if name.endswith(".js") or "/words/" in name:
            with urllib.request.urlopen(url + name) as answer:
                total += len(gzip.compress(answer.read(), 9))
    return total / 1000


def main() -> None:
    """Print medians beside their limits; exit code 1 when one is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--password", required=True, help="of the demonstration's inspector")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu", type=int, default=4, help="slow the browser's CPU so many times")
    parser.add_argument("--profile", action="store_true", help="tell what took long, once")
    options = parser.parse_args()
    wire = Wire(urlsplit(options.site).port or 80)
    kb = scripts_kb(options.site)
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        sites = prepare(playwright, profile, wire.url, options.password)
        wire.set("cut")
        rounds = [
            start(playwright, profile, wire.url, options.cpu, None) for _ in range(options.rounds)
        ]
        if options.profile:
            start(
                playwright, profile, wire.url, options.cpu, Path("var/field_cold_start.cpuprofile")
            )
    wire.close()
    paint = statistics.median(round_[0] for round_ in rounds)
    shown = statistics.median(round_[1] for round_ in rounds)
    told = ", ".join(f"{round_[1]:.0f}" for round_ in rounds)
    print(f"{sites} sites; CPU x{options.cpu} slower; server dead; rounds: {told} ms")
    print(f"first paint {paint:.0f} ms; list shown {shown:.0f} ms (limit {LIMIT_MS})")
    print(f"scripts kept {kb:.0f} kB compressed (limit {LIMIT_KB})")
    sys.exit(shown > LIMIT_MS or kb > LIMIT_KB)


if __name__ == "__main__":
    main()
