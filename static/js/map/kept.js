// Layers of a group by key: what is wanted again stays as it is, with the reader's focus on it.

/** @template {L.Layer} T */
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
