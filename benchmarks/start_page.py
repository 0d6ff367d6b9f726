"""The public start page: bytes, requests and time to the first paint of its sites, beside the plainest way.

The peer is what a Leaflet tutorial ends with: the same GeoJSON through L.geoJSON with default markers and SVG, served
by the same server to the same browser, in turns with our page. Usage, with the server of ./run listening:

    .venv/bin/python benchmarks/start_page.py http://127.0.0.1:8000 [--rounds 5] [--cpu 4]
"""

import argparse
import re
import statistics
from dataclasses import dataclass, field

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

PEER = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{css}"><div id="map"></div>
<link rel="stylesheet" href="/bench-peer.css"><script src="{js}"></script><script src="/bench-peer.js"></script>"""
PEER_CSS = "html,body,#map{height:100%;margin:0}"
PEER_JS = """L.Icon.Default.imagePath = '/static/leaflet/images/';
const map = L.map('map').setView([47.6, 124.5], 8);
fetch('/layers/sites/items.geojson').then((answer) => answer.json()).then((data) => {
  L.geoJSON(data).addTo(map);
  performance.mark('sites-drawn');
});"""


@dataclass
class Load:
    """One cold opening of a page. Bytes as transferred, times in milliseconds since navigation."""

    requests: int = 0
    transferred: int = 0
    scripts: int = 0
    contentful_ms: float = 0.0
    drawn_ms: float = 0.0
    kinds: dict[str, str] = field(default_factory=dict)


def measure(browser: Browser, url: str, cpu: int, peer_of: str | None) -> Load:
    """Open ``url`` in a new context, so with an empty cache."""
    # The page forbids eval; the questions that we put to it from outside need it.
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", bypass_csp=True
    )
    page = context.new_page()
    if peer_of is not None:
        _serve_peer(page, peer_of)
    session = context.new_cdp_session(page)
    load = Load()
    _count(session, load)
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    page.goto(url)
    page.wait_for_function("performance.getEntriesByName('sites-drawn').length > 0")
    page.wait_for_load_state("networkidle")
    load.drawn_ms = page.evaluate("performance.getEntriesByName('sites-drawn')[0].startTime")
    load.contentful_ms = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    context.close()
    return load


def _serve_peer(page: Page, start_page: str) -> None:
    css = re.search(r'href="([^"]*/leaflet/leaflet[^"]*\.css)"', start_page)
    js = re.search(r'src="([^"]*/leaflet/leaflet(?:\.[0-9a-f]+)?\.js)"', start_page)
    assert css and js
    html = PEER.format(css=css[1], js=js[1])
    page.route("**/bench-peer", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route("**/bench-peer.css", lambda r: r.fulfill(body=PEER_CSS, content_type="text/css"))
    page.route(
        "**/bench-peer.js", lambda r: r.fulfill(body=PEER_JS, content_type="text/javascript")
    )


def _count(session: CDPSession, load: Load) -> None:
    session.send("Network.enable")
    session.on(
        "Network.responseReceived", lambda e: load.kinds.__setitem__(e["requestId"], e["type"])
    )

    def finished(event: dict[str, object]) -> None:
        size = int(event["encodedDataLength"])  # type: ignore[call-overload]
        load.requests += 1
        load.transferred += size
        if load.kinds.get(str(event["requestId"])) == "Script":
            load.scripts += size

    session.on("Network.loadingFinished", finished)


def main() -> None:
    """Run both in turns and print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu", type=int, default=1, help="slow the browser's CPU so many times")
    options = parser.parse_args()
    ours: list[Load] = []
    peers: list[Load] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        start_page = browser.new_context().request.get(options.site).text()
        for _round in range(options.rounds):
            ours.append(measure(browser, options.site + "/", options.cpu, None))
            peers.append(measure(browser, options.site + "/bench-peer", options.cpu, start_page))
        browser.close()
    _report("this page", ours)
    _report("plain L.geoJSON", peers)
    ratio = _median(ours, "drawn_ms") / _median(peers, "drawn_ms")
    print(f"sites drawn, this page / plain: {ratio:.2f}  (CPU x{options.cpu} slower)")


def _median(loads: list[Load], name: str) -> float:
    return statistics.median(getattr(load, name) for load in loads)


def _report(name: str, loads: list[Load]) -> None:
    print(
        f"{name:<16} {_median(loads, 'requests'):>3.0f} requests, "
        f"{_median(loads, 'transferred') / 1000:>6.1f} kB (scripts {_median(loads, 'scripts') / 1000:.1f}), "
        f"first contentful paint {_median(loads, 'contentful_ms'):.0f} ms, "
        f"sites drawn {_median(loads, 'drawn_ms'):.0f} ms"
    )


if __name__ == "__main__":
    main()
