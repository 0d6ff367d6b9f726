// Whether a point on the screen touches a shape; all in pixels.

/** @typedef {{x: number, y: number}} Pixel */

/** Even-odd rule, so that holes are left out. @param {Pixel} at @param {Pixel[][]} rings */
export function isInside(at, rings) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [a, b] = [ring[i], ring[j]];
      if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  }
  return inside;
}

/** @param {Pixel} at @param {Pixel[]} line @param {number} within */
export function isNearLine(at, line, within) {
  return line.some((to, index) => index > 0 && distance(at, line[index - 1], to) <= within);
}

/** @param {Pixel} at @param {Pixel} from @param {Pixel} to */
function distance(at, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length)) : 0;
  return Math.hypot(at.x - from.x - dx * share, at.y - from.y - dy * share);
}
