// Names on the ground that leave room for each other: a name that would cover an earlier one is not drawn.

/**
 * @typedef {{size: number, colour: string, halo: string, haloWidth: number, opacity: number, below: boolean, weight?: number}} TextLook
 * @typedef {{at: [number, number], rank: number, owner: object, text: (zoom: number) => string,
 *   look: (zoom: number) => TextLook}} Name at: lon, lat; rank: lower ones come first; text: empty where it is not drawn
 */

import { flatMarker } from './flat_marker.js';
import { DrawnView, Kept } from './settled.js';

const LINE_PX = 18;

export class Labels {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.written = new Kept(L.layerGroup().addTo(map));
    /** @type {Name[]} */
    this.names = [];
    this.planned = 0;
    this.drawn = new DrawnView(map, 0.3);
    map.on('moveend', () => { if (!this.drawn.covers()) this.plan(); });
  }

  /** @param {Name} name */
  add(name) {
    this.names.push(name);
    this.plan();
  }

  /** Take away all names of one owner. @param {object} owner */
  remove(owner) {
    this.names = this.names.filter((name) => name.owner !== owner);
    this.plan();
  }

  plan() {
    cancelAnimationFrame(this.planned);
    this.planned = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const [zoom, view] = [this.map.getZoom(), this.drawn.take()];
    /** @type {{x: number, y: number, w: number, h: number}[]} */
    const taken = [];
    /** @type {(readonly [string, () => L.Marker])[]} */
    const wanted = [];
    for (const name of [...this.names].sort((a, b) => a.rank - b.rank)) {
      const text = view.contains([name.at[1], name.at[0]]) ? name.text(zoom) : '';
      if (!text) continue;
      const look = name.look(zoom);
      const point = this.map.latLngToContainerPoint([name.at[1], name.at[0]]);
      const box = { x: point.x, y: point.y + (look.below ? look.size : 0), w: width(text, look.size), h: Math.max(LINE_PX, look.size * 1.4) };
      if (taken.some((other) => Math.abs(other.x - box.x) < (other.w + box.w) / 2 && Math.abs(other.y - box.y) < (other.h + box.h) / 2)) continue;
      taken.push(box);
      wanted.push([`${name.at} ${text} ${Object.values(look)}`, () => label(name, text, look)]);
    }
    this.written.keep(wanted);
  }
}

/** @param {Name} name @param {string} text @param {TextLook} look */
function label({ at: [lon, lat] }, text, look) {
  const icon = L.divIcon({ className: 'place-label', html: element(text, look), iconSize: [0, 0] });
  return flatMarker([lat, lon], { icon, pane: 'labels', interactive: false, keyboard: false });
}

/** About as many pixels as it takes: Chinese signs are square. @param {string} text @param {number} size */
function width(text, size) {
  let signs = 0;
  for (const sign of text) signs += sign > '\u2e7f' ? 1 : 0.56;
  return signs * size + 4;
}

/** @param {string} text @param {TextLook} look */
function element(text, look) {
  const span = document.createElement('span');
  span.textContent = text;
  const halo = `0 0 ${look.haloWidth + 1}px ${look.halo}`;
  Object.assign(span.style, {
    color: look.colour, fontSize: `${look.size}px`, fontWeight: String(look.weight ?? 400), opacity: String(look.opacity),
    textShadow: look.haloWidth ? [halo, halo, halo].join(',') : 'none', top: look.below ? '1em' : '0',
  });
  return span;
}
