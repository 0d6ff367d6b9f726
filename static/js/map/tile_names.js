// Names of a vector tile's features: placed by protomaps-leaflet, which lets none cover another.

import { Asker } from './tile_painter.js';
import { valueOf } from '../core/style.js';
import {
  CenteredTextSymbolizer, LineLabelSymbolizer, OffsetTextSymbolizer, TextPlacements,
} from '../vendor/protomaps-leaflet/tiles.js';

const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif';
// The same feature comes in several tiles: its name is written once in so many pixels.
const APART_PX = 240;
const POINT = 1;

/** A label symbolizer of protomaps-leaflet. */
export class TileNames extends Asker {
  /** @param {import('./tile_painter.js').StyleLayer} layer @param {() => any[] | null} keep */
  constructor(layer, keep) {
    super(layer, keep);
    /** @type {Map<string, any>} */
    this.symbolizers = new Map();
  }

  /** @param {any} layout @param {import('./tile_painter.js').Geometry} geometry @param {any} feature */
  place(layout, geometry, feature) {
    const subject = this.about(layout.zoom, feature);
    const text = valueOf(this.layer, 'text-field', subject);
    if (!text) return undefined;
    const isLine = valueOf(this.layer, 'symbol-placement', subject) === 'line' && feature.geomType !== POINT;
    const isBelow = feature.geomType === POINT && valueOf(this.layer, 'text-anchor', subject) === 'top';
    const symbolizer = this.symbolizer(isLine ? 'line' : isBelow ? 'below' : 'middle', subject);
    const where = isLine || feature.geomType === POINT ? geometry : [[middle(geometry)]];
    const labels = symbolizer.place(layout, where, { ...feature, props: { text } });
    for (const label of labels ?? []) Object.assign(label, { deduplicationKey: text, deduplicationDistance: APART_PX });
    return labels;
  }

  /** One for each look: features that look alike share it. @param {string} kind @param {import('../core/style.js').Subject} subject */
  symbolizer(kind, subject) {
    const value = (/** @type {string} */ name) => valueOf(this.layer, name, subject);
    const [size, fill, stroke, width] = [value('text-size'), value('text-color'), value('text-halo-color'), value('text-halo-width')];
    const key = [kind, size, fill, stroke, width].join();
    let found = this.symbolizers.get(key);
    if (!found) {
      const options = { labelProps: ['text'], font: `${size}px ${FONT}`, fill, stroke, width, maxLineChars: 60 };
      found = kind === 'line' ? new LineLabelSymbolizer({ ...options, position: 2 })
        : kind === 'below' ? new OffsetTextSymbolizer({ ...options, offsetY: 7, placements: [TextPlacements.S] })
          : new CenteredTextSymbolizer(options);
      this.symbolizers.set(key, found);
    }
    return found;
  }
}

/** The middle of the longest part's box, as the library's own kind of point. @param {any[][]} geometry */
function middle(geometry) {
  const part = geometry.reduce((best, one) => (one.length > best.length ? one : best), geometry[0]);
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of part) [west, north, east, south] = [Math.min(west, x), Math.min(north, y), Math.max(east, x), Math.max(south, y)];
  return Object.assign(part[0].clone(), { x: (west + east) / 2, y: (north + south) / 2 });
}
