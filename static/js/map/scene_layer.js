// A scene as a layer among others.

/** @typedef {import('./geojson_layer.js').DrawnLayer} DrawnLayer */

/** @implements {DrawnLayer} */
export class SceneLayer {
  /** @param {L.Map} map @param {L.TileLayer} tiles */
  constructor(map, tiles) {
    this.map = map;
    this.tiles = tiles;
  }

  /** @param {boolean} on */
  show(on) {
    if (on) this.tiles.addTo(this.map);
    else this.tiles.remove();
  }

  setFilter() {
    // A picture has no features.
  }

  hits() {
    return [];
  }

  columns() {
    return new Map();
  }

  remove() {
    this.tiles.remove();
  }
}
