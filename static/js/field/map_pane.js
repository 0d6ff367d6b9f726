// The map beside the list. One map lives as long as the app; lit-html only gives it its place.

import { html } from '../vendor/lit-html/lit-html.js';
import { FieldMap } from './map/field_map.js';

/** @type {FieldMap | null} */
let map = null;

/** @param {FieldApp} app @param {any[]} sites */
export function mapPane(app, sites) {
  requestAnimationFrame(() => setTimeout(() => fill(app, sites))); // the list is seen first
  const isFollowing = map?.isFollowing ?? false;
  const follow = () => {
    app.whereabouts.start();
    map?.follow(!isFollowing);
    app.draw();
  };
  return html`<section class="map-pane" aria-label=${gettext('Map')}><div class="map" id="field-map"></div>
    <button type="button" class="btn follow" aria-pressed=${isFollowing} @click=${follow}>◎ ${gettext('Follow me')}</button></section>`;
}

/** @param {FieldApp} app @param {any[]} sites */
function fill(app, sites) {
  const element = document.getElementById('field-map');
  if (!element || !element.offsetWidth) return;
  if (!map || map.element !== element) {
    map?.remove();
    map = new FieldMap(element, app.settings, (id) => { location.hash = `#/sites/${id}`; });
    map.released = () => app.draw();
  }
  const symbols = new Map(app.model?.reference.programmes.map((/** @type {any} */ one) => [one.key, one.symbol]));
  map.show(sites, symbols);
  map.way(app.recorder.track);
  map.stand(app.whereabouts.place(), app.whereabouts.heading);
}
