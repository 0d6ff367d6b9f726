// A new site begins with its programme and what it is: a point, a line or an area.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyProposal, keepDraft, kindsOf } from '../outline/draft.js';
import { uuid7 } from '../store/ids.js';
import { backLink } from '../ui/parts.js';
import { nameOf } from '../ui/words.js';
import * as outline from './outline.js';

/** @param {FieldApp} app @param {string} [id] of a proposal that was begun */
export async function open(app, id) {
  if (id) return outline.open(app, id);
  return { screen: () => screen(app), close: () => {} };
}

/** @param {FieldApp} app */
function screen(app) {
  const begun = [...(app.model?.outlines.values() ?? [])].filter(({ isNew }) => isNew);
  return html`<div class="page narrow"><p>${backLink(gettext('Today'))}</p><h1 tabindex="-1">${gettext('Propose a new site')}</h1>
    <p>${gettext('The office decides whether it is registered.')}</p>
    ${begun.length ? html`<section class="card"><h2>${gettext('Begun')}</h2>${begun.map((draft) => html`<p><a class="btn wide" href="#/propose/${draft.id}">✎ ${draft.name || gettext('without a name')}</a></p>`)}</section>` : nothing}
    ${app.model?.reference.programmes.map((/** @type {any} */ programme) => html`<section class="card"><h2>${nameOf(programme)}</h2><div class="tools">
      ${kindsOf(programme).map((kind) => html`<button type="button" class="btn" @click=${() => begin(app, programme.key, kind)}>${kindName(kind)}</button>`)}</div></section>`)}</div>`;
}

/** @param {FieldApp} app @param {string} programme @param {import('../outline/shape.js').Kind} kind */
async function begin(app, programme, kind) {
  const draft = emptyProposal(uuid7(), programme, kind);
  await keepDraft(app, draft);
  location.hash = `#/propose/${draft.id}`;
}

/** @param {import('../outline/shape.js').Kind} kind */
function kindName(kind) {
  switch (kind) {
    case 'Point': return gettext('Point');
    case 'LineString': return gettext('Line');
    default: return gettext('Area');
  }
}
