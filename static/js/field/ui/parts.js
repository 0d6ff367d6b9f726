// Small pieces that several screens show.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { workflowOf } from '../steps.js';
import { askedOf } from '../urgency.js';
import { nameOf, phaseName } from './words.js';

/** @param {any} reference @param {any} site */
export function stateChip(reference, site) {
  const state = workflowOf(reference, site)?.states.find((/** @type {any} */ one) => one.key === site.state);
  return html`<span class="chip phase-${site.phase}">${nameOf(state) || phaseName(site.phase)}</span>`;
}

/** What the office asked for, in a sentence: by whom, until when, and the note. @param {any} site */
export function askedLine(site) {
  const asked = askedOf(site);
  if (!asked) return nothing;
  const words = { by: asked.by || gettext('the office'), due: asked.due_on, from: asked.begins_on };
  const who = interpolate(asked.due_on ? gettext('Asked for by %(by)s, from %(from)s until %(due)s') : gettext('Asked for by %(by)s, from %(from)s'), words, true);
  return html`<span class="asked">➤ ${asked.note ? interpolate(gettext('%(who)s: %(note)s'), { who, note: asked.note }, true) : who}</span>`;
}

/** @param {import('../urgency.js').Urgency} urgency @param {any} site @param {number} days since the last picture */
export function urgencyChip(urgency, site, days) {
  switch (urgency) {
    case 'late': return html`<span class="tag bad">➤ ${interpolate(gettext('Asked for until %(date)s: late'), { date: askedOf(site)?.due_on }, true)}</span>`;
    case 'asked': return html`<span class="tag warn">➤ ${gettext('Asked for')}</span>`;
    case 'returned': return html`<span class="tag bad">! ${gettext('Sent back')}</span>`;
    case 'overdue': return html`<span class="tag bad">⏱ ${interpolate(gettext('Overdue since %(date)s'), { date: site.planned_end }, true)}</span>`;
    case 'unseen': return html`<span class="tag warn">◎ ${Number.isFinite(days) ? interpolate(gettext('No photograph for %(days)s days'), { days }, true) : gettext('No photograph yet')}</span>`;
    default: return nothing;
  }
}

/** @param {string} words @param {() => void} press @param {string} [kind] */
export function button(words, press, kind = '') {
  return html`<button type="button" class="btn ${kind}" @click=${press}>${words}</button>`;
}

/** @param {string} name */
export function backLink(name) {
  return html`<a class="btn back" href="#/">← ${name}</a>`;
}
