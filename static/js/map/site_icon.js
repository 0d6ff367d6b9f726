// A site's marker as Leaflet wants it: the picture, and the point of it that stands on the ground.

import { marker } from './symbols.js';

/** @param {string} symbol of the programme @param {string} phase */
export function siteIcon(symbol, phase) {
  return L.divIcon({ className: 'site-marker', html: marker(symbol, phase), iconSize: [34, 34], iconAnchor: [15, 19] });
}
