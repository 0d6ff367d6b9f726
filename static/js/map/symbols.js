// Programmes by pictogram, phases by colour and glyph: told apart without colour, and the same in legend and map.

import { arcs } from './cells.js';

/** Outlines in a 24 by 24 box. */
const PICTOGRAMS = /** @type {Record<string, string>} */ ({
  circle: 'M12 5a7 7 0 1 0 0 14a7 7 0 0 0 0-14z',
  square: 'M5.5 5.5h13v13h-13z',
  triangle: 'M12 4.5l8 14h-16z',
  diamond: 'M12 3.5l8.5 8.5l-8.5 8.5l-8.5-8.5z',
  hexagon: 'M12 3.5l7.5 4.2v8.6l-7.5 4.2l-7.5-4.2v-8.6z',
  pentagon: 'M12 3.5l8.5 6.3l-3.2 10h-10.6l-3.2-10z',
  star: 'M12 3l2.7 5.8l6.3.8l-4.6 4.4l1.2 6.3l-5.6-3.1l-5.6 3.1l1.2-6.3l-4.6-4.4l6.3-.8z',
  cross: 'M9 4h6v5h5v6h-5v5h-6v-5h-5v-6h5z',
  drop: 'M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z',
  bolt: 'M13.5 2.5l-8 11h5l-1.5 8l8.5-11.500h-5.200z',
  pipe: 'M3 6h4v3h6a4 4 0 0 1 4 4v2h3v5h-9v-5h3v-1.500a1.5 1.5 0 0 0-1.5-1.500h-5.500v3h-4z',
  wave: 'M3 8c3-3 6-3 9 0s6 3 9 0v3.500c-3 3-6 3-9 0s-6-3-9 0zM3 15c3-3 6-3 9 0s6 3 9 0v3.500c-3 3-6 3-9 0s-6-3-9 0z',
  tree: 'M12 2.500l5.5 7h-2.500l4 6h-5.500v5.500h-3v-5.500h-5.500l4-6h-2.500z',
  mine: 'M2.5 19l6-11l3.5 5l3-4l6.5 10zM14 3.500l4 1.500l-.8 2l-4-1.500z',
  house: 'M12 3.500l9 8h-2.500v8.500h-4.500v-6h-4v6h-4.500v-8.500h-2.500z',
  school: 'M12 4l10 4.500l-10 4.500l-10-4.500zM6 12.500l6 2.700l6-2.700v4c-3.5 3-8.5 3-12 0z',
  heart: 'M12 20c-6-4.5-9-7.7-9-11a4.6 4.6 0 0 1 9-1.400a4.6 4.6 0 0 1 9 1.400c0 3.3-3 6.5-9 11z',
  book: 'M3 5c3-1 6-1 8.2.8v13c-2.2-1.8-5.2-1.8-8.2-.8zM21 5c-3-1-6-1-8.2.8v13c2.2-1.8 5.2-1.8 8.2-.8z',
});

/** Glyphs in a 10 by 10 box, drawn as strokes or filled. */
const GLYPHS = /** @type {Record<string, string>} */ ({
  planned: '<circle cx="5" cy="5" r="2.6" fill="none" stroke-width="1.6"/>',
  working: '<path d="M5 1.600a3.4 3.4 0 0 0 0 6.800z" stroke="none" class="f"/><circle cx="5" cy="5" r="3.4" fill="none" stroke-width="1.3"/>',
  suspended: '<path d="M3.5 2.300v5.400M6.5 2.300v5.4" stroke-width="1.7"/>',
  returned: '<path d="M5 1.800v4M5 7.600v.6" stroke-width="1.8"/>',
  completed: '<path d="M2 5.300l2.1 2.100l4-4.6" fill="none" stroke-width="1.7"/>',
  accepted: '<path d="M5 1.200l1.1 2.500l2.7.3l-2 1.800l.6 2.700l-2.4-1.400l-2.4 1.400l.6-2.700l-2-1.800l2.7-.3z" stroke="none" class="f"/>',
});

export const PHASE_COLOURS = /** @type {Record<string, string>} */ ({
  planned: '#5f6b7a', working: '#b85300', suspended: '#6f529c', returned: '#a3123f', completed: '#0062a0', accepted: '#006b48',
});

/** Dashes of lines and outlines: the status once more, without colour. */
export const PHASE_DASHES = /** @type {Record<string, string | undefined>} */ ({
  planned: '2 7', working: '10 6', suspended: '2 5 10 5', returned: '2 5 10 5', completed: undefined, accepted: undefined,
});

/** @type {Map<string, string>} */
const markers = new Map();

/**
 * A site's marker: the programme's pictogram on a disc of the phase's colour, with the phase's glyph at its shoulder.
 * @param {string} symbol @param {string} phase
 */
export function marker(symbol, phase) {
  const key = `${symbol} ${phase}`;
  let found = markers.get(key);
  if (!found) {
    found = picture(34, drawnMarker(PICTOGRAMS[symbol] ?? PICTOGRAMS.circle, phase));
    markers.set(key, found);
  }
  return found;
}

/** @param {string} path @param {string} phase */
function drawnMarker(path, phase) {
  const colour = PHASE_COLOURS[phase];
  const hollow = phase === 'planned';
  return '<circle cx="15.5" cy="19.4" r="14.4" fill-opacity=".25"/>'
    + `<circle cx="15.5" cy="18.5" r="13.5" fill="${hollow ? '#fff' : colour}" stroke="${hollow ? colour : '#fff'}" stroke-width="2"/>`
    + `<g transform="translate(6.5 9.5) scale(.75)" fill="${hollow ? colour : '#fff'}"><path d="${path}"/></g>`
    + `<g transform="translate(19 0)">${badge(phase)}</g>`;
}

/**
 * As one image: of each shape of an inline SVG with a transform the browser sorts out anew in every frame where it lies.
 * @param {number} size of the square, pixels @param {string} drawing SVG
 */
function picture(size, drawing) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">${drawing}</svg>`;
  return `<img class="sign" alt="" draggable="false" width="${size}" height="${size}" src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
}

/** The phase's glyph in a disc, for the legend. @param {string} phase @param {number} size */
export function phaseBadge(phase, size = 22) {
  return `<svg width="${size}" height="${size}" viewBox="0 0 15 15" aria-hidden="true">${badge(phase)}</svg>`;
}

/** The bare pictogram, for the legend. @param {string} symbol */
export function pictogram(symbol) {
  return `<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" fill="#2c3a47"><path d="${PICTOGRAMS[symbol] ?? PICTOGRAMS.circle}"/></svg>`;
}

/**
 * A cell's marker: how many sites, ringed by their phases in proportion.
 * @param {Map<string, number>} counts by phase @param {number} total
 */
export function cell(counts, total) {
  const size = total < 10 ? 38 : total < 100 ? 46 : 54;
  const [middle, radius] = [size / 2, size / 2 - 4.5];
  const ring = arcs(counts).map(([phase, start, end]) => arc(middle, radius, start, end, PHASE_COLOURS[phase])).join('');
  const text = `<text x="${middle}" y="${middle}" font-family="system-ui, sans-serif" font-size="13" font-weight="700" fill="#1c2530"`
    + ` text-anchor="middle" dominant-baseline="central">${total}</text>`;
  return {
    size,
    html: picture(size, `<circle cx="${middle}" cy="${middle + 1}" r="${middle - 1}" fill-opacity=".25"/>`
      + `<circle cx="${middle}" cy="${middle}" r="${middle - 1}" fill="#fff"/>${ring}${text}`),
  };
}

/** @param {string} phase */
function badge(phase) {
  const colour = PHASE_COLOURS[phase];
  const glyph = GLYPHS[phase].replaceAll('class="f"', `fill="${colour}"`);
  return `<circle cx="7.5" cy="7.5" r="6.7" fill="#fff" stroke="${colour}" stroke-width="1.5"/>`
    + `<g transform="translate(2.5 2.5)" stroke="${colour}" fill="none" stroke-linecap="round" stroke-linejoin="round">${glyph}</g>`;
}

/** @param {number} middle @param {number} radius @param {number} start @param {number} end @param {string} colour */
function arc(middle, radius, start, end, colour) {
  if (end - start > 0.999) {
    return `<circle cx="${middle}" cy="${middle}" r="${radius}" fill="none" stroke="${colour}" stroke-width="6"/>`;
  }
  /** @param {number} turn */
  const at = (turn) => {
    const angle = (turn - 0.25) * 2 * Math.PI;
    return `${(middle + radius * Math.cos(angle)).toFixed(2)} ${(middle + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `<path d="M${at(start)}A${radius} ${radius} 0 ${end - start > 0.5 ? 1 : 0} 1 ${at(end)}" fill="none" stroke="${colour}" stroke-width="6"/>`;
}
