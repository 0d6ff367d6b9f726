// Drawing a site's outline: with the finger, at the cross, at one's own position, or by walking. Fetched when it is first wanted.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { particulars } from '../form/attributes_part.js';
import { checkParticulars } from '../form/save.js';
import { OutlineMap } from '../map/outline_map.js';
import { added, correctionOf, keepDraft, moved, removed, saveOutline, undone } from '../outline/draft.js';
import { loadGeodesic, measured, muOf } from '../outline/measure.js';
import { flawOf } from '../outline/shape.js';
import { judge, stayAwake } from '../outline/walk.js';
import { trackButton } from '../track/track_bar.js';
import { nameOf } from '../ui/words.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('../store/types.js').OutlineDraft} OutlineDraft
 * @typedef {import('../outline/shape.js').Position} Position
 */

/** @param {App} app @param {string} id of a site, or of a proposal that was begun @returns {Promise<Outline | null>} */
export async function open(app, id) {
  const site = app.model?.sites.get(id);
  const draft = (await app.db.get('outlines', id)) ?? (site && correctionOf(site));
  if (!draft) return null;
  app.whereabouts.start();
  return new Outline(app, draft, await loadGeodesic(app.settings.geodesic));
}

export class Outline {
  /** @param {App} app @param {OutlineDraft} draft @param {any} geodesic the library */
  constructor(app, draft, geodesic) {
    this.app = app;
    this.draft = draft;
    this.geodesic = geodesic;
    this.chosen = -1;
    this.error = '';
    /** @type {Record<string, string>} sentence by attribute */
    this.wrong = {};
    this.start = structuredClone(draft);
    this.vague = 0; // metres of the last fix that was no good
    this.isWalking = false;
    this.isPlaced = false; // the map shows where the work is
    this.sleep = () => {};
    this.hear = (/** @type {any} */ fix) => this.step(fix);
    /** @type {OutlineMap | null} */
    this.map = null;
  }

  close() {
    this.pause();
    this.map?.remove();
  }

  /** @param {OutlineDraft} draft */
  take(draft) {
    Object.assign(this, { draft, error: '' });
    keepDraft(this.app, draft);
    this.app.draw();
  }

  /** @param {Position} place */
  add(place) {
    this.chosen = -1;
    this.take(added(this.draft, place));
  }

  undo() {
    this.chosen = -1;
    this.take(undone(this.draft));
  }

  drop() {
    const at = this.chosen;
    this.chosen = -1;
    this.take(removed(this.draft, at));
  }

  async walk() {
    if (this.isWalking) return this.pause();
    this.isWalking = true;
    this.app.whereabouts.heard.add(this.hear);
    this.app.draw();
    this.sleep = await stayAwake();
    if (!this.isWalking) this.sleep();
  }

  pause() {
    this.isWalking = false;
    this.app.whereabouts.heard.delete(this.hear);
    this.sleep();
    this.app.draw();
  }

  /** @param {import('../geo/average.js').Fix} fix */
  step(fix) {
    const judged = judge(fix, this.draft.vertices.at(-1));
    this.vague = judged === 'vague' ? Math.round(fix.accuracy) : 0;
    if (judged !== 'taken') return;
    this.add([fix.lon, fix.lat]);
    this.map?.pan([fix.lon, fix.lat]);
  }

  here() {
    const place = this.app.whereabouts.place();
    if (!place) return this.app.say(gettext('Looking for your position …'));
    this.add([place.lon, place.lat]);
    this.map?.pan([place.lon, place.lat]);
  }

  async save() {
    this.pause();
    this.error = flawWords(this.draft) || this.flaws() || await saveOutline(this.app, this.draft);
    if (this.error) return this.app.draw();
    await this.app.recorder.endFor(this.draft.id);
    location.hash = this.draft.isNew ? '#/' : `#/sites/${this.draft.id}`;
    await this.app.read();
    this.app.say(this.draft.isNew || this.app.person.role === 'inspector'
      ? gettext('Saved on the tablet. When it has been sent, the office decides.')
      : gettext('Saved on the tablet. It is sent by itself as soon as there is a connection.'));
  }

  /** The form of a site that is nowhere yet. */
  fields() {
    const of = (/** @type {OutlineDraft} */ { attributes }) => /** @type {any} */ ({ attributes, base: { attributes: {} } });
    return { draft: of(this.draft), start: of(this.start), wrong: this.wrong };
  }

  flaws() { return this.draft.isNew ? checkParticulars(this.app, this.draft, this.fields()).join(' ') : ''; }

  async discard() {
    await this.app.db.delete('outlines', this.draft.id);
    location.hash = this.draft.isNew ? '#/' : `#/sites/${this.draft.id}`;
    await this.app.read();
  }

  fill() {
    const element = document.getElementById('outline-map');
    if (!element || !element.offsetWidth || this.app.opened !== this) return;
    const place = this.app.whereabouts.place();
    if (!this.map || this.map.element !== element) {
      this.map?.remove();
      this.map = new OutlineMap(element, this.app.settings, {
        add: (at) => this.add(at), move: (at, to) => this.take(moved(this.draft, at, to)),
        pick: (at) => { this.chosen = this.chosen === at ? -1 : at; this.app.draw(); },
      });
      this.isPlaced = false;
      this.map.neighbours([.../** @type {any} */ (this.app.model).sites.values()].filter((site) => site.id !== this.draft.id));
    }
    if (!this.isPlaced && (this.draft.vertices.length || place)) {
      this.isPlaced = true;
      this.map.begin(this.draft.vertices, place);
    }
    this.map.show(this.draft, this.chosen);
    this.map.stand(place);
    this.map.way(this.app.recorder.track);
  }

  screen() {
    requestAnimationFrame(() => this.fill());
    const { draft } = this;
    return html`<div class="outline-layout"><section class="map-pane" aria-label=${gettext('Map')}><div class="map" id="outline-map"></div><span class="cross" aria-hidden="true"></span></section>
      <section class="outline-panel"><h1 tabindex="-1">${title(this.app, draft)}</h1>
      ${this.figures()}${this.position()}${this.tools()}${trackButton(this.app, draft.id)}${draft.isNew ? this.naming() : nothing}
      ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <p class="save-bar"><button type="button" class="btn btn-primary big" @click=${() => this.save()}>${gettext('Save')}</button></p></section></div>`;
  }

  figures() {
    const { kind, vertices, holes } = this.draft;
    const { length_m: length, area_m2: area } = measured(this.geodesic, kind, vertices, holes);
    const number = (/** @type {number} */ value, /** @type {number} */ digits) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const metres = `${number(length, 1)} ${gettext('metres')}`;
    const words = kind === 'Point' ? vertices[0]?.map((value) => value.toFixed(6)).join(', ') ?? '—'
      : kind === 'LineString' ? metres : `${number(muOf(area), 2)} ${gettext('mu')} · ${number(area, 0)} m² · ${gettext('around it')} ${metres}`;
    return html`<p class="figures" role="status"><b>${words}</b> ${kind === 'Point' ? nothing : html`<span class="hint">${interpolate(ngettext('%(count)s point', '%(count)s points', vertices.length), { count: vertices.length }, true)}</span>`}</p>`;
  }

  position() {
    const place = this.app.whereabouts.place();
    const vague = this.isWalking && this.vague;
    return html`<p class="hint">${place ? `± ${Math.round(place.accuracy)} m` : gettext('Looking for your position …')}
      ${vague ? html`<span class="tag warn">${interpolate(gettext('A fix of ± %(metres)s m was left out.'), { metres: vague }, true)}</span>` : nothing}</p>`;
  }

  tools() {
    const { kind, vertices } = this.draft;
    const tool = (/** @type {string} */ words, /** @type {() => void} */ press, isOff = false) => html`<button type="button" class="btn" ?disabled=${isOff} @click=${press}>${words}</button>`;
    return html`<p class="hint">${gettext('Tap the map to set a point, drag a point to move it. Points snap to those of other sites.')}</p><div class="tools">
      ${kind === 'Point' ? nothing : html`<button type="button" class="btn" aria-pressed=${this.isWalking} @click=${() => this.walk()}>${this.isWalking ? gettext('Pause walking') : gettext('Walk it')}</button>`}
      ${tool(gettext('At my position'), () => this.here())}${tool(gettext('At the cross'), () => this.map && this.add(this.map.middle()))}
      ${tool(gettext('Undo'), () => this.undo(), !vertices.length && !this.draft.steps.length)}
      ${kind === 'Point' ? nothing : tool(gettext('Remove the chosen point'), () => this.drop(), this.chosen < 0)}
      ${tool(gettext('Discard'), () => this.discard())}</div>`;
  }

  naming() {
    const set = (/** @type {any} */ change) => this.take({ ...this.draft, ...change });
    const row = (/** @type {'name' | 'address' | 'note'} */ key, /** @type {string} */ words, /** @type {number} */ limit) => html`<label class="field"><span class="label">${words}</span>
      <input maxlength=${limit} .value=${this.draft[key]} @input=${(/** @type {any} */ event) => set({ [key]: event.target.value })}></label>`;
    return html`${row('name', gettext('Name of the site'), 120)}${row('address', gettext('Address'), 200)}${row('note', gettext('Note'), 400)}
      ${particulars(this.app, this.draft, this.fields(), (attributes) => set({ attributes }))}`;
  }
}

/** @param {App} app @param {OutlineDraft} draft */
function title(app, draft) {
  if (draft.isNew) return interpolate(gettext('New site: %(programme)s'), { programme: nameOf(app.model?.reference.programmes.find((/** @type {any} */ one) => one.key === draft.programme)) }, true);
  return interpolate(gettext('Correct the outline: %(site)s'), { site: nameOf(app.model?.sites.get(draft.id)) }, true);
}

/** @param {OutlineDraft} draft */
function flawWords(draft) {
  if (draft.isNew && !draft.name.trim()) return gettext('Give the site a name.');
  switch (flawOf(draft.kind, draft.vertices)) {
    case 'few': return draft.kind === 'Polygon' ? gettext('An area needs three points.') : draft.kind === 'Point' ? gettext('Set the point.') : gettext('A line needs two points.');
    case 'crosses': return gettext('The outline crosses itself. Move or remove a point.');
    default: return '';
  }
}
