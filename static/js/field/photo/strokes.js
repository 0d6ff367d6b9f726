// Marks on a photograph: arrows, rings and free lines, kept in shares of its width and height, so that they are the same on a
// small screen and in the file.

/**
 * @typedef {'arrow' | 'ring' | 'line'} Tool
 * @typedef {[number, number]} Place shares of width and height
 * @typedef {{tool: Tool, colour: string, places: Place[]}} Stroke an arrow points to the last of its two places; a ring fills their box
 */

/** Each with a dark rim, so that it stands out from snow and from earth. */
export const COLOURS = /** @type {const} */ (['#ffd600', '#ff1744', '#00e5ff', '#ffffff']);
const RIM = '#000000';
const WIDTH = 1 / 160; // of the longer side
const LEAST = 0.012; // a shorter drag was a tap
const LINE_STEP = 0.004;

/** @param {Tool} tool @param {string} colour @param {Place} at @returns {Stroke} */
export function begun(tool, colour, at) { return { tool, colour, places: [at] }; }

/** @param {Stroke} stroke @param {Place} at @returns {Stroke} */
export function drawnTo(stroke, at) {
  const place = /** @type {Place} */ (at.map((share) => Math.max(0, Math.min(1, share))));
  if (stroke.tool !== 'line') return { ...stroke, places: [stroke.places[0], place] };
  return away(/** @type {Place} */ (stroke.places.at(-1)), place) < LINE_STEP ? stroke : { ...stroke, places: [...stroke.places, place] };
}

/** @param {Stroke} stroke */
export function isMark({ places }) { return places.some((place) => away(places[0], place) >= LEAST); }

/** @param {Place} a @param {Place} b */
function away(a, b) { return Math.hypot(a[0] - b[0], a[1] - b[1]); }

/** @param {CanvasRenderingContext2D} pen @param {Stroke} stroke @param {number} width px @param {number} height px */
export function drawStroke(pen, stroke, width, height) {
  const line = Math.max(3, Math.max(width, height) * WIDTH);
  const path = pathOf(stroke, width, height, line);
  Object.assign(pen, { lineCap: 'round', lineJoin: 'round' });
  for (const [colour, wide] of /** @type {const} */ ([[RIM, line * 1.9], [stroke.colour, line]])) {
    Object.assign(pen, { strokeStyle: colour, lineWidth: wide });
    pen.stroke(path);
  }
}

/** @param {Stroke} stroke @param {number} width @param {number} height @param {number} line px */
function pathOf({ tool, places }, width, height, line) {
  const path = new Path2D();
  const points = places.map(([x, y]) => /** @type {Place} */ ([x * width, y * height]));
  if (tool === 'ring' && points.length > 1) {
    const [[ax, ay], [bx, by]] = points;
    path.ellipse((ax + bx) / 2, (ay + by) / 2, Math.abs(bx - ax) / 2, Math.abs(by - ay) / 2, 0, 0, 2 * Math.PI);
    return path;
  }
  points.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
  if (tool === 'arrow' && points.length > 1) for (const [x, y] of barbs(points[0], points[1], line * 6)) { path.moveTo(...points[1]); path.lineTo(x, y); }
  return path;
}

/** The ends of an arrow's barbs. @param {Place} from @param {Place} to @param {number} size px @returns {Place[]} */
export function barbs(from, to, size) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  return [angle + 2.6, angle - 2.6].map((turn) => [to[0] + size * Math.cos(turn), to[1] + size * Math.sin(turn)]);
}
