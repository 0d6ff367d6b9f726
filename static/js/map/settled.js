// What may wait until the map lies still: between two drags nothing is done that the next one would have to wait for.

const REST_MS = 160;

/** Until what waits meanwhile has had its turn: a finger, a frame, a tile. @returns {Promise<void>} */
export function pause() {
  return new Promise((done) => { setTimeout(done); });
}

/** @param {L.Map} map @param {() => void} act called once the map has not moved for a moment */
export function whenSettled(map, act) {
  let planned = 0;
  const wait = () => {
    clearTimeout(planned);
    planned = setTimeout(act, REST_MS);
  };
  map.on('movestart', () => clearTimeout(planned));
  map.on('moveend', wait);
}

/** What was drawn for a view and a margin around it, so that a short drag draws nothing anew. */
export class DrawnView {
  /** @param {L.Map} map @param {number} margin in widths of the view */
  constructor(map, margin) {
    this.map = map;
    this.margin = margin;
    this.zoom = NaN;
    /** @type {L.LatLngBounds | null} */
    this.bounds = null;
  }

  /** Whether what is seen now was drawn before. */
  covers() {
    return this.zoom === this.map.getZoom() && Boolean(this.bounds?.contains(this.map.getBounds()));
  }

  /** What to draw now; it counts as drawn from here on. @returns {L.LatLngBounds} */
  take() {
    this.zoom = this.map.getZoom();
    this.bounds = this.map.getBounds().pad(this.margin);
    return this.bounds;
  }
}

/** Layers of a group by key: what is wanted again stays as it is. @template {L.Layer} T */
export class Kept {
  /** @param {L.LayerGroup} group */
  constructor(group) {
    this.group = group;
    /** @type {Map<string, T>} */
    this.layers = new Map();
  }

  /** @param {string} key @returns {T | undefined} */
  get(key) {
    return this.layers.get(key);
  }

  /** Have these and no others. @param {(readonly [string, () => T])[]} wanted a key, and how its layer is made when it is new */
  keep(wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, layer] of this.layers) {
      if (keys.has(key)) continue;
      this.group.removeLayer(layer);
      this.layers.delete(key);
    }
    for (const [key, make] of wanted) {
      if (this.layers.has(key)) continue;
      const layer = make();
      this.layers.set(key, layer);
      this.group.addLayer(layer);
    }
  }
}
