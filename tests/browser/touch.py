"""A finger, as Chromium's own input has it: pages get pointer and touch events, and native sliders move."""

from playwright.sync_api import Locator, Page


def centre(element: Locator) -> tuple[float, float]:
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
    """From one place of the view to another, in CSS pixels."""
    session = page.context.new_cdp_session(page)
    (x, y), (to_x, to_y) = start, end
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [_at(x, y)]})
    for step in range(1, steps + 1):
        share = step / steps
        point = _at(x + (to_x - x) * share, y + (to_y - y) * share)
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def _at(x: float, y: float) -> dict[str, float]:
    return {"x": x, "y": y}
