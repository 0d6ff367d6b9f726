// The style editor: choices make a style on the server, which the map and the legend show before it is saved.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { mapSettings } from '../core/settings.js';
import { createMap, drawGround } from '../map/base.js';
import { legendList } from '../ui/legend.js';

const PAUSE_MS = 250;
const settings = mapSettings();
const { editing } = settings;
const map = createMap(element('map'), settings);
const stack = drawGround(map, settings);
const choices = /** @type {HTMLFormElement} */ (element('choices'));
const text = /** @type {HTMLTextAreaElement} */ (element('style'));
const saving = /** @type {HTMLFormElement} */ (element('saving'));
const own = settings.layers.find(({ key }) => key === editing.key);
let waiting = 0;
let asked = 0;

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {import('../core/settings.js').LegendEntry[]} legend @param {string[]} notes */
function tell(legend, notes) {
  render(legendList(legend), element('legend'));
  render(html`${notes.map((note) => html`<li>${note}</li>`)}`, element('notes'));
}

/** Only the newest answer counts. @param {() => Promise<Response>} ask @param {boolean} rewrite the text too */
async function show(ask, rewrite) {
  const number = ++asked;
  const response = await ask();
  const answer = await response.json();
  if (number !== asked) return;
  if (!response.ok) {
    const places = (answer.problems ?? []).map((/** @type {any} */ one) => `${one.path} ${one.detail}`);
    tell([], places.length ? places : [answer.detail || answer.title]);
    return;
  }
  tell(answer.legend, answer.notes);
  if (rewrite) text.value = JSON.stringify(answer.style, null, 1);
  await stack.restyle(editing.key, answer.style);
  document.body.dataset.shown = String(number);
}

/** @param {() => void} act */
function soon(act) {
  clearTimeout(waiting);
  waiting = setTimeout(act, PAUSE_MS);
}

function arrange() {
  const kind = String(new FormData(choices).get('kind') ?? '');
  for (const part of choices.querySelectorAll('[data-for]')) {
    /** @type {HTMLElement} */ (part).hidden = !(/** @type {HTMLElement} */ (part).dataset.for ?? '').split(' ').includes(kind);
  }
  for (const option of /** @type {NodeListOf<HTMLOptionElement>} */ (choices.querySelectorAll('#column option'))) {
    option.disabled = option.hidden = kind === 'graduated' && option.dataset.kind !== 'number';
  }
  const column = /** @type {HTMLSelectElement} */ (element('column'));
  if (column.selectedOptions[0]?.disabled) column.value = [...column.options].find((one) => !one.disabled)?.value ?? '';
  for (const ramp of /** @type {NodeListOf<HTMLElement>} */ (choices.querySelectorAll('[data-ramp]'))) {
    ramp.hidden = (ramp.dataset.ramp === 'categories') !== (kind === 'categorised');
    const input = /** @type {HTMLInputElement} */ (ramp.querySelector('input'));
    if (ramp.hidden) input.checked = false;
  }
  const visible = [...choices.querySelectorAll('[data-ramp]:not([hidden]) input')].map((one) => /** @type {HTMLInputElement} */ (one));
  if (kind && visible.length && !visible.some((one) => one.checked)) visible[kind === 'graduated' ? Math.min(2, visible.length - 1) : 0].checked = true;
}

function make() {
  arrange();
  const query = new URLSearchParams(/** @type {any} */ (new FormData(choices)));
  if (query.get('kind')) soon(() => show(() => fetch(`${editing.make}?${query}`), true));
}

/** @param {string} url @param {FormData} body */
function post(url, body) {
  body.set('csrfmiddlewaretoken', String(new FormData(saving).get('csrfmiddlewaretoken')));
  return fetch(url, { method: 'POST', body });
}

choices.addEventListener('input', make);
choices.addEventListener('submit', (event) => event.preventDefault());
text.addEventListener('input', () => soon(() => {
  const body = new FormData();
  body.set('style', text.value);
  show(() => post(editing.check, body), false);
}));
element('sld').addEventListener('change', (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const [file] = input.files ?? [];
  if (!file) return;
  const body = new FormData();
  body.set('sld', file);
  show(() => post(editing.sld, body), true);
  input.value = '';
});

arrange();
if (own) {
  tell(own.legend, []);
  stack.apply(stack.states.map((state) => ({ ...state, on: state.key === own.key })));
  stack.frame(own.key);
}
document.body.dataset.ready = 'true';
