// A scene as a layer among others.

/** @typedef {import('./geojson_layer.js').DrawnLayer} DrawnLayer */

/** @implements {DrawnLayer} */
export class SceneLayer {
  /** @param {L.Map} map @param {HTMLElement} pane @param {L.TileLayer} tiles */
  constructor(map, pane, tiles) {
    this.map = map;
    this.pane = pane;
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

  remove() {
    this.tiles.remove();
  }
}
