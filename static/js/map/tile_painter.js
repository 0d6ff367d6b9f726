// How one layer of a style paints the features of a vector tile onto its canvas.

import { ENGLISH } from '../core/settings.js';
import { followsZoom, holds, isDrawn, passes, valueOf } from '../core/style.js';
import { CenteredTextSymbolizer } from '../vendor/protomaps-leaflet/tiles.js';

/**
 * @typedef {import('../core/style.js').StyleLayer} StyleLayer
 * @typedef {{props: Record<string, any>, geomType: 1 | 2 | 3}} TileFeature
 * @typedef {{x: number, y: number}[][]} Geometry in pixels
 */

const KINDS = ['', 'Point', 'LineString', 'Polygon'];
const PI2 = 2 * Math.PI;

/** One subject for all features: a tile may hold ten thousand. */
export class Asker {
  /** @param {StyleLayer} layer @param {() => any[] | null} keep a further condition */
  constructor(layer, keep) {
    this.layer = layer;
    this.keep = keep;
    this.subject = { properties: /** @type {Record<string, any>} */ ({}), geometry: '', zoom: 0, english: ENGLISH };
  }

  /** @param {number} zoom @param {TileFeature} feature */
  takes(zoom, feature) {
    if (!isDrawn(this.layer, zoom)) return false;
    const subject = this.about(zoom, feature);
    const keep = this.keep();
    return passes(this.layer, subject) && (!keep || holds(keep, subject));
  }

  /** @param {number} zoom @param {TileFeature} feature */
  about(zoom, feature) {
    this.subject.properties = feature.props;
    this.subject.geometry = KINDS[feature.geomType];
    this.subject.zoom = zoom;
    return this.subject;
  }
}

/** Paints circles, lines or areas: a paint symbolizer of protomaps-leaflet. */
export class TilePainter extends Asker {
  /** @param {StyleLayer} layer @param {() => any[] | null} keep */
  constructor(layer, keep) {
    super(layer, keep);
    const given = Object.values({ ...layer.paint, ...layer.layout });
    /** Whether all features of a zoom look alike: then they are asked about once. */
    this.alike = !given.some((value) => Array.isArray(value) && typeof value[0] === 'string' && !isByZoom(value));
    /** @type {Map<number, Record<string, any>>} */
    this.looks = new Map();
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry @param {number} zoom @param {TileFeature} feature */
  draw(ctx, geometry, zoom, feature) {
    const look = this.look(zoom, feature);
    if (this.layer.type === 'circle') circle(ctx, geometry, look);
    else if (this.layer.type === 'line') line(ctx, geometry, look);
    else area(ctx, geometry, look);
  }

  /** @param {number} zoom @param {TileFeature} feature */
  look(zoom, feature) {
    const known = this.alike ? this.looks.get(zoom) : undefined;
    if (known) return known;
    const subject = this.about(zoom, feature);
    const made = lookOf(this.layer, (name) => valueOf(this.layer, name, subject));
    if (this.alike) this.looks.set(zoom, made);
    return made;
  }
}

/** Only by zoom, and not by what a feature has. @param {any[]} value @returns {boolean} */
function isByZoom(value) {
  return followsZoom(value) && !JSON.stringify(value).includes('["get",') && value[0] !== 'case';
}

/** @param {StyleLayer} layer @param {(name: string) => any} value */
function lookOf(layer, value) {
  if (layer.type === 'circle') {
    return {
      radius: value('circle-radius'), fill: value('circle-color'), opacity: value('circle-opacity'),
      stroke: value('circle-stroke-color'), width: value('circle-stroke-width'),
    };
  }
  if (layer.type === 'line') {
    const width = value('line-width');
    return {
      width, stroke: value('line-color'), opacity: value('line-opacity'), cap: value('line-cap'), join: value('line-join'),
      dash: (layer.paint?.['line-dasharray'] ?? []).map((/** @type {number} */ part) => part * width),
    };
  }
  return { fill: value('fill-color'), opacity: value('fill-opacity'), stroke: value('fill-outline-color'), width: 1 };
}

/** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry @param {Record<string, any>} look */
function circle(ctx, geometry, look) {
  ctx.globalAlpha = look.opacity;
  ctx.fillStyle = look.fill;
  for (const [at] of geometry) {
    if (look.width > 0) {
      ctx.fillStyle = look.stroke;
      ctx.beginPath();
      ctx.arc(at.x, at.y, look.radius + look.width, 0, PI2);
      ctx.fill();
      ctx.fillStyle = look.fill;
    }
    ctx.beginPath();
    ctx.arc(at.x, at.y, look.radius, 0, PI2);
    ctx.fill();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry @param {Record<string, any>} look */
function line(ctx, geometry, look) {
  if (!(look.width > 0)) return;
  Object.assign(ctx, { globalAlpha: look.opacity, strokeStyle: look.stroke, lineWidth: look.width, lineCap: look.cap, lineJoin: look.join });
  ctx.setLineDash(look.dash);
  trace(ctx, geometry);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry @param {Record<string, any>} look */
function area(ctx, geometry, look) {
  ctx.globalAlpha = look.opacity;
  ctx.fillStyle = look.fill;
  trace(ctx, geometry);
  ctx.fill('evenodd');
  if (!look.stroke) return;
  ctx.strokeStyle = look.stroke;
  ctx.lineWidth = look.width;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry */
function trace(ctx, geometry) {
  ctx.beginPath();
  for (const part of geometry) {
    for (const [at, { x, y }] of part.entries()) {
      if (at) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
  }
}

/** Counts of what a low zoom does not show: a soft disc for each cell, and its number where there is room. */
export class CellPainter {
  /** @param {StyleLayer | undefined} layer gives the colour */
  constructor(layer) {
    const given = layer?.paint?.[`${layer.type}-color`];
    this.colour = typeof given === 'string' ? given : '#41627e';
    this.text = new CenteredTextSymbolizer({
      labelProps: ['text'], fill: '#1c2530', stroke: '#ffffff', width: 1.5, font: '600 10.5px system-ui, sans-serif',
    });
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Geometry} geometry @param {number} _zoom @param {TileFeature} feature */
  draw(ctx, geometry, _zoom, feature) {
    const hidden = Number(feature.props.hidden ?? feature.props.count ?? 0);
    if (!hidden) return;
    ctx.globalAlpha = 0.3;
    ctx.fillStyle = this.colour;
    ctx.beginPath();
    ctx.arc(geometry[0][0].x, geometry[0][0].y, 4 + 3 * Math.log10(1 + hidden), 0, PI2);
    ctx.fill();
  }

  /** @param {any} layout @param {Geometry} geometry @param {TileFeature} feature */
  place(layout, geometry, feature) {
    const hidden = Number(feature.props.hidden ?? 0);
    if (hidden < 2) return undefined;
    return this.text.place(layout, geometry, { ...feature, props: { text: String(hidden) } });
  }
}
