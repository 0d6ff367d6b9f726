// What a press on a site opens.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { pick, sitePage } from '../core/settings.js';

/**
 * @param {import('../map/site_layer.js').MapSite} site
 * @param {import('../core/settings.js').MapSettings} settings
 */
export function sitePopup(site, settings) {
  const element = document.createElement('div');
  const programme = settings.programmes.find(({ key }) => key === site.programme);
  const pictures = site.has_scenes || site.has_pair ? gettext('with pictures before and after') : site.has_photo ? gettext('with photographs') : '';
  render(html`<h3>${site.name}</h3><p class="muted">${pick(programme?.name)}</p>
    <p><span class="chip phase-${site.phase}">${site.state}</span> ${site.progress}%</p>
    ${pictures ? html`<p class="muted">${pictures}</p>` : nothing}
    <a class="btn btn-primary" href=${sitePage(settings.site_page, site.id)}>${gettext('Promise, figures, evidence')}</a>`, element);
  return element;
}
