// Styles as docs/styles.md describes them, asked for one feature at one zoom. The server has checked the document.

/**
 * @typedef {{type: 'circle' | 'line' | 'fill' | 'symbol', minzoom?: number, maxzoom?: number, filter?: any[],
 *   paint?: Record<string, any>, layout?: Record<string, any>, metadata?: Record<string, any>}} StyleLayer
 * @typedef {{layers: StyleLayer[]}} Style
 * @typedef {Record<string, any>} Properties of a feature
 * @typedef {{properties: Properties, geometry: string, zoom: number, english: boolean}} Subject
 *   geometry: Point, LineString or Polygon
 */

/** What a property is when the style does not say. Source: Mapbox GL style specification, version 8. */
const DEFAULTS = /** @type {Record<string, any>} */ ({
  'circle-color': '#000000', 'circle-radius': 5, 'circle-opacity': 1, 'circle-stroke-color': '#000000', 'circle-stroke-width': 0,
  'line-color': '#000000', 'line-width': 1, 'line-opacity': 1, 'line-cap': 'butt', 'line-join': 'miter',
  'fill-color': '#000000', 'fill-opacity': 1,
  'text-color': '#000000', 'text-opacity': 1, 'text-halo-color': '#ffffff', 'text-halo-width': 0, 'text-size': 16,
  'text-field': '', 'symbol-placement': 'point', 'text-anchor': 'center', visibility: 'visible',
});

/** Geometries that a type of layer draws. */
const DRAWN = { circle: ['Point'], line: ['LineString', 'Polygon'], fill: ['Polygon'], symbol: ['Point', 'LineString', 'Polygon'] };

/** A GeoJSON geometry's type without "Multi". @param {string | undefined} type */
export function kindOf(type) {
  return (type ?? '').replace('Multi', '');
}

/** Whether a layer is drawn at that zoom at all. @param {StyleLayer} layer @param {number} zoom */
export function isDrawn(layer, zoom) {
  return layer.layout?.visibility !== 'none' && zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 99);
}

/** Whether a layer draws this feature. @param {StyleLayer} layer @param {Subject} subject */
export function passes(layer, subject) {
  return DRAWN[layer.type].includes(subject.geometry) && (!layer.filter || holds(layer.filter, subject));
}

/**
 * The value of a paint or layout property for a feature.
 * @param {StyleLayer} layer @param {string} name @param {Subject} subject
 */
export function valueOf(layer, name, subject) {
  const given = layer.paint?.[name] ?? layer.layout?.[name];
  if (name === 'text-field') return textOf(given ?? '', subject);
  const value = isExpression(given) ? evaluate(given, subject) : given;
  return value ?? DEFAULTS[name];
}

/** Whether a value changes with the zoom: then it is asked for again. @param {any} value @returns {boolean} */
export function followsZoom(value) {
  return Array.isArray(value) && (value[0] === 'zoom' || value.some(followsZoom));
}

/** @param {any} value */
function isExpression(value) {
  return Array.isArray(value) && typeof value[0] === 'string';
}

/** undefined for what has no value. @param {any} expression @param {Subject} subject @returns {any} */
function evaluate(expression, subject) {
  if (!isExpression(expression)) return expression;
  const [name, ...rest] = expression;
  switch (name) {
    case 'match': return evaluate(matched(rest, subject), subject);
    case 'case': return evaluate(firstCase(rest, subject), subject);
    case 'step': return evaluate(stepped(rest, subject), subject);
    case 'interpolate': return interpolated(rest, subject);
    default: return undefined;
  }
}

/** @param {any[]} parts input, then label and output in turn, then the others' output @param {Subject} subject */
function matched([input, ...rest], subject) {
  const value = inputOf(input, subject);
  for (let at = 0; at + 1 < rest.length; at += 2) {
    if (Array.isArray(rest[at]) ? rest[at].includes(value) : rest[at] === value) return rest[at + 1];
  }
  return rest[rest.length - 1];
}

/** @param {any[]} parts @param {Subject} subject */
function firstCase(parts, subject) {
  for (let at = 0; at + 1 < parts.length; at += 2) if (holds(parts[at], subject)) return parts[at + 1];
  return parts[parts.length - 1];
}

/** @param {any[]} parts @param {Subject} subject */
function stepped([input, first, ...stops], subject) {
  const value = inputOf(input, subject);
  if (typeof value !== 'number') return undefined;
  let found = first;
  for (let at = 0; at < stops.length && value >= stops[at]; at += 2) found = stops[at + 1];
  return found;
}

/** @param {any[]} parts @param {Subject} subject */
function interpolated([, input, ...stops], subject) {
  const value = inputOf(input, subject);
  if (typeof value !== 'number') return undefined;
  let at = 0;
  while (at + 2 < stops.length && value >= stops[at + 2]) at += 2;
  const low = evaluate(stops[at + 1], subject);
  if (value <= stops[at] || at + 2 >= stops.length) return low;
  return between(low, evaluate(stops[at + 3], subject), (value - stops[at]) / (stops[at + 2] - stops[at]));
}

/** A number or a colour between two. @param {any} low @param {any} high @param {number} share */
function between(low, high, share) {
  if (typeof low === 'number') return low + (high - low) * share;
  const [from, to] = [channels(low), channels(high)];
  return `#${from.map((part, at) => Math.round(part + (to[at] - part) * share).toString(16).padStart(2, '0')).join('')}`;
}

/** @param {string} colour #rgb or #rrggbb */
function channels(colour) {
  const digits = colour.length === 4 ? [...colour.slice(1)].map((one) => one + one).join('') : colour.slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** @param {any} input @param {Subject} subject @returns {any} */
function inputOf(input, subject) {
  return input[0] === 'zoom' ? subject.zoom : input[0] === 'geometry-type' ? subject.geometry : subject.properties[input[1]];
}

/** @param {any[]} condition @param {Subject} subject @returns {boolean} */
export function holds(condition, subject) {
  const [name, first, second] = condition;
  switch (name) {
    case 'all': return condition.slice(1).every((one) => holds(one, subject));
    case 'any': return condition.slice(1).some((one) => holds(one, subject));
    case '!': return !holds(first, subject);
    case 'has': return subject.properties[first] !== undefined && subject.properties[first] !== null;
    case 'in': return second[1].includes(inputOf(first, subject));
    default: return compares(name, inputOf(first, subject), second);
  }
}

/** Values of two kinds are not compared. @param {string} sign @param {any} value @param {any} other */
function compares(sign, value, other) {
  if (sign === '==') return value === other;
  if (sign === '!=') return value !== other;
  if (typeof value !== typeof other) return false;
  return sign === '<' ? value < other : sign === '<=' ? value <= other : sign === '>' ? value > other : value >= other;
}

/** @param {any} field @param {Subject} subject @returns {string} */
function textOf(field, subject) {
  if (!Array.isArray(field)) return String(field);
  const [name, ...parts] = field;
  if (name === 'get') return written(named(parts[0], subject));
  if (name === 'concat') return parts.map((part) => textOf(part, subject)).join('');
  const texts = parts.map((part) => textOf(part, subject));
  return texts.find((text) => text) ?? '';
}

/** A name in the reader's language. @param {string} column @param {Subject} subject */
function named(column, { properties, english }) {
  return (english && column === 'name' && properties.name_en) || properties[column];
}

/** @param {any} value */
function written(value) {
  return value === undefined || value === null ? '' : String(value);
}
