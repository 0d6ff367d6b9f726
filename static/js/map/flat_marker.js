// Markers that stand in their pane by left and top. Leaflet places each by a transform, and for each of those the browser
// sorts out a layer of its own in every frame: with two hundred of them it does little else while the map moves.

const FlatMarker = /** @type {typeof L.Marker} */ (/** @type {unknown} */ (L.Marker.extend({
  /** @this {any} @param {L.Point} at */
  _setPos(at) {
    this._icon._leaflet_pos = at;
    Object.assign(this._icon.style, { left: `${at.x}px`, top: `${at.y}px` });
    this._zIndex = at.y + this.options.zIndexOffset;
    this._resetZIndex();
  },
})));

/** @param {L.LatLngExpression} at @param {L.MarkerOptions} options @returns {L.Marker} */
export function flatMarker(at, options) {
  return new FlatMarker(at, options);
}
