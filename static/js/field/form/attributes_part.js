// The programme's own fields, as its JSON Schema has them.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { ENGLISH } from '../../core/settings.js';
import { keep } from './open.js';
import { schemaOf, title, valuesOf } from './save.js';
import { fields, required, valueOf } from './schema.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('./open.js').Form} Form
 */

/**
 * @typedef {Pick<Form, 'draft' | 'start' | 'wrong'>} Fields as much of a form as its particulars need
 * @typedef {(attributes: Record<string, any>) => void} Put
 */

/** @param {App} app @param {any} site @param {Form} form */
export function attributesPart(app, site, form) {
  return particulars(app, site, form, (attributes) => keep(app, form, { attributes }));
}

/** @param {App} app @param {{programme: string}} site @param {Fields} form @param {Put} put keeps what was given */
export function particulars(app, site, form, put) {
  const schema = schemaOf(app, site);
  const values = valuesOf(form.draft);
  const shown = fields(schema, values);
  if (!shown.length) return nothing;
  const wanted = required(schema, values);
  return html`<details class="card" ?open=${Object.keys(form.wrong).length > 0}><summary>${gettext('Particulars')} <small>${shown.length}</small></summary>
    ${shown.map(([key, rules]) => field(form, key, rules, wanted.has(key), put))}</details>`;
}

/** @param {Fields} form @param {string} key @param {any} rules @param {boolean} isWanted @param {Put} put */
function field(form, key, rules, isWanted, put) {
  const unit = (ENGLISH && rules.unit_en) || rules.unit;
  const wrong = form.wrong[key];
  return html`<div class="field ${wrong ? 'has-error' : ''}"><label><span class="label">${title(rules, key)}${unit ? ` (${unit})` : ''}${isWanted ? ' *' : ''}</span>
    ${control(form, key, rules, put)}</label>${wrong ? html`<p class="error">${wrong}</p>` : nothing}</div>`;
}

/** @param {Fields} form @param {string} key @param {any} rules @param {Put} put */
function control(form, key, rules, put) {
  const start = valuesOf(form.start)[key];
  const set = (/** @type {any} */ event) => {
    const value = valueOf(rules, event.target.value) ?? null;
    const attributes = { ...form.draft.attributes, [key]: value };
    if (value === (form.draft.base.attributes[key] ?? null)) delete attributes[key];
    delete form.wrong[key];
    put(attributes);
  };
  const choices = rules.enum ?? (rules.type === 'boolean' ? [true, false] : null);
  if (choices) {
    return html`<select @change=${set}><option value="">—</option>${choices.map((/** @type {any} */ value, /** @type {number} */ at) => html`
      <option value=${String(value)} ?selected=${value === start}>${choiceName(rules, value, at)}</option>`)}</select>`;
  }
  const isNumber = rules.type === 'number' || rules.type === 'integer';
  const kind = rules.format === 'date' ? 'date' : 'text';
  return html`<input type=${kind} inputmode=${isNumber ? 'decimal' : nothing} maxlength=${rules.maxLength ?? nothing} .value=${start === undefined ? '' : String(start)} @input=${set}>`;
}

/** @param {any} rules @param {any} value @param {number} at */
function choiceName(rules, value, at) {
  if (typeof value === 'boolean') return value ? gettext('yes') : gettext('no');
  return (ENGLISH && rules.enum_en?.[at]) || value;
}
