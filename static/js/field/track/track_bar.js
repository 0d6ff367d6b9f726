// That a way is being recorded, on every screen; and the button that begins it, with what it means.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { button } from '../ui/parts.js';
import { length } from '../ui/words.js';
import { lengthOf } from './points.js';

/** @param {FieldApp} app */
export function trackBar(app) {
  const { track } = app.recorder;
  if (!track) return nothing;
  const words = interpolate(gettext('Your way is being recorded: %(points)s points, %(length)s'), { points: track.points.length, length: length(lengthOf(track)) || '0 m' }, true);
  return html`<section class="track-bar" aria-label=${gettext('Recorded way')}><span><b class="rec" aria-hidden="true">●</b> ${words}
      ${track.stale ? html`<span class="tag warn">${gettext('old fixes among them')}</span>` : nothing}
      ${track.isMock ? html`<span class="tag warn">${gettext('This position does not look like a receiver’s.')}</span>` : nothing}</span>
    ${button(gettext('Stop and save'), () => app.recorder.stop())}${button(gettext('Delete it'), () => app.recorder.discard())}</section>`;
}

/** @param {FieldApp} app @param {string} site */
export function trackButton(app, site) {
  if (app.recorder.track) return nothing;
  return html`<details class="track-begin"><summary>${gettext('Record my way')}</summary>
    <p>${gettext('Places, times and accuracy are recorded while this app is open, until you stop it or save the visit. Then they are sent to the office, which sees where you walked. Before that you can delete them.')}</p>
    <p>${button(gettext('Begin recording'), () => app.recorder.begin(site), 'big')}</p></details>`;
}
