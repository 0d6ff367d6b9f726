"""The public map in a browser: time until it is interactive, frames while it is panned, bytes of its scripts.

Layers of 1,000, 10,000 and 100,000 invented features (points, lines, polygons with eight attributes) on a site with
the demonstration city, opened cold in Chromium at 1280 x 800 with the processor slowed. Beside ours in every round,
from the same server: the plainest L.geoJSON page on a canvas, and the plainest page of protomaps-leaflet over the
same vector tiles. Interactive is when the layer is drawn, the page has its own data, and the last task longer than
50 ms before the following quiet second is over. Panning is a mouse dragged to and fro over the whole city.

    .venv/bin/python -m benchmarks.browser_map                      # all three sizes, three rounds, --cpu 4
    .venv/bin/python -m benchmarks.browser_map --features 1000 --rounds 1

The site is made once, in var/benchmark-browser (a minute or two; remove the folder to have it made again).
"""

# ruff: noqa: E501

import argparse
import os
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.tiles import peers

FOLDER = peers.ROOT / "var" / "benchmark-browser"
SIZES = (1_000, 10_000, 100_000)
LIMITS_S = {1_000: 2.0, 10_000: 2.5, 100_000: 3.0}
# uMap 3.7.3 on the same data and processor, slowed four times; at 100,000 133 s without slowing.
UMAP_S = {1_000: 4.2, 10_000: 15.2}
P50_MS, P95_MS, SCRIPTS_KB = 17, 50, 120
QUIET_MS, LIMIT_MS = 1000, 180_000
ZOOMS = (8, 11)
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """window.bench = {long: [], drawn: 0, frames: []};
new PerformanceObserver((list) => { for (const one of list.getEntries()) bench.long.push(one.startTime + one.duration); })
  .observe({type: 'longtask', buffered: true});
const look = () => { if (document.querySelector('[data-bench], canvas') && (%s)) bench.drawn = performance.now(); else requestAnimationFrame(look); };
requestAnimationFrame(look);"""
TILES = """(() => { const tiles = [...document.querySelectorAll('%s canvas.leaflet-tile')];
  return tiles.length > 0 && tiles.every((one) => one.classList.contains('leaflet-tile-loaded')); })()"""
FRAMES = """new Promise((done) => { bench.frames = []; bench.stop = false; let last = 0;
  const tick = (now) => { if (last) bench.frames.push(now - last); last = now; if (!bench.stop) requestAnimationFrame(tick); };
  requestAnimationFrame(tick); done(); })"""
PLAIN = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{css}"><style>html,body,#map{{height:100%;margin:0}}</style>
<div id="map"></div><script src="{js}"></script>{more}<script>const map = L.map('map', {{preferCanvas: true}}).setView([47.4, 124], {zoom});
{script}</script>"""
GEOJSON = """fetch('/layers/{key}/items.geojson').then((answer) => answer.json()).then((data) => {{
  L.geoJSON(data, {{pointToLayer: (_, at) => L.circleMarker(at, {{radius: 4}})}}).addTo(map); document.body.dataset.bench = 1; }});"""
PROTOMAPS = """fetch('/layers/{key}/tilejson.json').then((answer) => answer.json()).then(({{tiles, maxzoom}}) => {{
  const rule = (symbolizer, kind) => ({{dataLayer: '{key}', symbolizer, filter: (_, one) => one.geomType === kind}});
  protomapsL.leafletLayer({{url: tiles[0], maxDataZoom: maxzoom, paintRules: [
    rule(new protomapsL.CircleSymbolizer({{radius: 4, fill: '#38f'}}), 1), rule(new protomapsL.LineSymbolizer({{color: '#38f', width: 2}}), 2),
    rule(new protomapsL.PolygonSymbolizer({{fill: '#38f', opacity: 0.4}}), 3)], labelRules: []}}).addTo(map); document.body.dataset.bench = 1; }});"""


@dataclass(frozen=True)
class Subject:
    """A page to open. address: below the site; drawn: an expression that is true once the layer is there."""

    name: str
    address: Callable[[int, int], str]
    drawn: Callable[[int], str]


def key_of(count: int) -> str:
    return f"bench-{count}"


def our_address(count: int, zoom: int) -> str:
    """The other sizes off, so that they are not asked for."""
    off = ",".join(f"!{key_of(size)}" for size in SIZES if size != count)
    return f"/?at={zoom}/47.4000/124.0000&layers={key_of(count)},{off}"


def our_drawn(count: int) -> str:
    pane = f".leaflet-layer-{key_of(count)}-pane"
    layer = f"document.querySelector('{pane} canvas')" if count <= 2_000 else TILES % pane
    return f"document.body.dataset.ready && {layer}"


OURS = Subject("this map", our_address, our_drawn)
PEERS = [
    Subject(
        "plain L.geoJSON, canvas",
        lambda count, zoom: f"/bench-peer?geojson~{key_of(count)}~{zoom}",
        lambda _count: "document.body.dataset.bench",
    ),
    Subject(
        "plain protomaps-leaflet",
        lambda count, zoom: f"/bench-peer?protomaps~{key_of(count)}~{zoom}",
        lambda _count: f"document.body.dataset.bench && {TILES % '#map'}",
    ),
]


@dataclass
class Opening:
    """One cold opening. Milliseconds since navigation, bytes of scripts as they were sent, frames by zoom."""

    interactive_ms: float = 0.0
    scripts: int = 0
    frames: dict[int, list[float]] = field(default_factory=dict)


def measure(browser: Browser, site: str, subject: Subject, count: int, cpu: int) -> Opening:
    """Open and, at 100,000 features, pan at each zoom."""
    found = Opening()
    for zoom in ZOOMS if count == max(SIZES) else ZOOMS[:1]:
        with _opened(browser, site, subject, count, zoom, cpu) as (page, scripts, interactive_ms):
            if zoom == ZOOMS[0]:
                found.interactive_ms, found.scripts = interactive_ms, sum(scripts)
            if count == max(SIZES):
                found.frames[zoom] = _panned(page)
    return found


@contextmanager
def _opened(
    browser: Browser, site: str, subject: Subject, count: int, zoom: int, cpu: int
) -> Iterator[tuple[Page, list[int], float]]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", bypass_csp=True
    )
    try:
        page = context.new_page()
        _serve_peers(page, site)
        page.add_init_script(WATCH % subject.drawn(count))
        session = context.new_cdp_session(page)
        scripts = _scripts(session)
        session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
        page.goto(site + subject.address(count, zoom), timeout=LIMIT_MS)
        page.wait_for_function(
            f"bench.drawn && performance.now() - Math.max(bench.drawn, ...bench.long) > {QUIET_MS}",
            timeout=LIMIT_MS,
        )
        yield page, scripts, page.evaluate("Math.max(bench.drawn, ...bench.long)")
    finally:
        context.close()


def _serve_peers(page: Page, site: str) -> None:
    start = page.context.request.get(site).text()
    css = re.search(r'href="([^"]*/leaflet/leaflet[^"]*\.css)"', start)
    js = re.search(r'src="([^"]*/leaflet/leaflet(?:\.[0-9a-f]+)?\.js)"', start)
    library = re.search(r'"archive_library": "([^"]*)"', start)
    assert css and js and library

    def answer(kind: str, key: str, zoom: str) -> str:
        is_tiles = kind == "protomaps"
        more = f'<script src="{library[1]}"></script>' if is_tiles else ""
        script = (PROTOMAPS if is_tiles else GEOJSON).format(key=key)
        return PLAIN.format(css=css[1], js=js[1], more=more, zoom=zoom, script=script)

    page.route(
        "**/bench-peer?*",
        lambda route: route.fulfill(
            body=answer(*route.request.url.split("?")[1].split("~")), content_type="text/html"
        ),
    )


def _scripts(session: CDPSession) -> list[int]:
    """Fills with the bytes of each script."""
    kinds: dict[str, str] = {}
    sizes: list[int] = []
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda e: kinds.__setitem__(e["requestId"], e["type"]))
    session.on(
        "Network.loadingFinished",
        lambda e: (
            sizes.append(int(e["encodedDataLength"]))
            if kinds.get(e["requestId"]) == "Script"
            else None
        ),
    )
    return sizes


def _panned(page: Page) -> list[float]:
    """Milliseconds between frames while the mouse drags the map for about four seconds."""
    page.evaluate(FRAMES)
    for step_x, step_y in ((-12, 5), (12, -5)) * 2:
        x, y = 800 - step_x * 20, 400 - step_y * 20
        page.mouse.move(x, y)
        page.mouse.down()
        for number in range(1, 41):
            page.mouse.move(x + step_x * number, y + step_y * number)
            page.wait_for_timeout(16)
        page.mouse.up()
        page.wait_for_timeout(200)
    page.evaluate("bench.stop = true")
    frames: list[float] = page.evaluate("bench.frames")
    return frames


def report(found: dict[tuple[str, int], list[Opening]], cpu: int) -> None:
    """Each figure beside its limit and its peers."""
    print(f"\ninteractive, s, processor slowed {cpu} times (medians)")
    for count in sorted({count for _name, count in found}):
        ours = _interactive_s(found[OURS.name, count])
        print(f"  {count:>7,} {ours:5.2f}  limit {LIMITS_S[count]}  {_umap(count)}", end="")
        for peer in PEERS:
            one = _interactive_s(found[peer.name, count])
            print(f"; {peer.name} {one:.2f}, ours/its {ours / one:.2f}", end="")
        print()
    for zoom in ZOOMS:
        for subject in (OURS, *PEERS):
            openings = found.get((subject.name, max(SIZES)), [])
            frames = sorted(ms for one in openings for ms in one.frames.get(zoom, []))
            if frames:
                print(f"panning {max(SIZES):,} at zoom {zoom}, {subject.name}: {_frames(frames)}")
    for (name, count), openings in found.items():
        if count > 2_000 or name != OURS.name:
            kb = max(one.scripts for one in openings) / 1000
            limit = f"  limit {SCRIPTS_KB}" if name == OURS.name else ""
            print(f"scripts as sent, {name}, {count:,} features: {kb:.0f} kB{limit}")


def _interactive_s(openings: list[Opening]) -> float:
    return statistics.median(one.interactive_ms for one in openings) / 1000


def _umap(count: int) -> str:
    return f"uMap {UMAP_S[count]}" if count in UMAP_S else "uMap 133, not slowed"


def _frames(frames: list[float]) -> str:
    p95 = frames[round(0.95 * (len(frames) - 1))]
    return (
        f"p50 {statistics.median(frames):.0f} ms (limit {P50_MS}), p95 {p95:.0f} ms (limit {P95_MS}), "
        f"worst {frames[-1]:.0f} ms, {len(frames)} frames"
    )


def prepared() -> dict[str, str]:
    """The environment of the site, which is made when it is not there; static files are collected anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "VAR_DIR": str(FOLDER),
        "DATABASE_URL": f"spatialite://{FOLDER / 'db.sqlite3'}",
        "SECRET_KEY": "only-for-the-benchmark",
        "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
        "LOG_LEVEL": "WARNING",
    }
    run = lambda *command: subprocess.run(  # noqa: E731
        [sys.executable, *command], cwd=peers.ROOT, env=environment, check=True
    )
    stamp = FOLDER / "prepared"
    if not stamp.exists():
        run("manage.py", "migrate", "--no-input", "-v0")
        run("manage.py", "load_city", "cities/qiqihar")
        run("manage.py", "load_demo")
        fill = Path("benchmarks/tiles/fill.py")
        for count in SIZES:
            run(str(fill), str(count), key_of(count))
        stamp.touch()
    run("manage.py", "migrate", "--no-input", "-v0")
    run("manage.py", "collectstatic", "--no-input", "-v0")
    return environment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--features", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu", type=int, default=4, help="slow the processor so many times")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    options = parser.parse_args()
    subjects = [OURS] if options.alone else [OURS, *PEERS]
    found: dict[tuple[str, int], list[Opening]] = defaultdict(list)
    environment = prepared()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the beginning")
    with peers.ours(environment) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        for count in options.features:
            # Tiles of a first viewing are made; a map that many look at has them ready.
            measure(browser, f"http://127.0.0.1:{port}", OURS, count, 1)
            for _round in range(options.rounds):
                for subject in subjects:
                    one = measure(browser, f"http://127.0.0.1:{port}", subject, count, options.cpu)
                    found[subject.name, count].append(one)
                    print(
                        f"  {count:,} {subject.name}: {one.interactive_ms / 1000:.2f} s", flush=True
                    )
        browser.close()
    if options.alone:
        PEERS.clear()
    report(found, options.cpu)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
