// The filters of the map: kept in the address, so that a link opens what its sender saw.

/**
 * @typedef {{programmes: Set<string>, phases: Set<string>, districts: Set<string>, q: string, target: string, stage: string,
 *   office: Record<string, string>}} Filters office: what the server alone filters by, and only for staff
 * @typedef {{programme: string, phase: string, district: string | null, search: string}} Filterable
 */

/** Those of projects/office_filters.py. */
const OFFICE = ['visited', 'inspector', 'due', 'evidence', 'days'];

/** @param {string} query @returns {Filters} */
export function readFilters(query) {
  const params = new URLSearchParams(query);
  /** @param {string} name */
  const set = (name) => new Set((params.get(name) ?? '').split(',').filter(Boolean));
  return {
    programmes: set('programme'), phases: set('phase'), districts: set('district'),
    q: params.get('q') ?? '', target: params.get('target') ?? '', stage: params.get('stage') ?? '',
    office: Object.fromEntries(OFFICE.map((name) => [name, params.get(name) ?? '']).filter(([, value]) => value)),
  };
}

/**
 * The query string of the filters; commas stay readable.
 * @param {Filters} filters @param {string} at where the map stands: zoom/latitude/longitude
 * @param {Record<string, string>} more further parameters of the page
 */
export function writeFilters(filters, at = '', more = {}) {
  const parts = [
    ['programme', [...filters.programmes].join(',')], ['phase', [...filters.phases].join(',')],
    ['district', [...filters.districts].join(',')], ['q', filters.q], ['target', filters.target],
    ['stage', filters.stage], ...Object.entries(filters.office), ['at', at], ...Object.entries(more),
  ];
  const written = parts.filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%2F', '/')}`);
  return written.length ? `?${written.join('&')}` : '';
}

/**
 * Whether a site passes; `except` leaves one filter out, for the counts beside that filter's own choices.
 * @param {Filterable} site @param {Filters} filters @param {'programmes' | 'phases' | ''} except
 */
export function passes(site, filters, except = '') {
  if (except !== 'programmes' && filters.programmes.size && !filters.programmes.has(site.programme)) return false;
  if (except !== 'phases' && filters.phases.size && !filters.phases.has(site.phase)) return false;
  if (filters.districts.size && !filters.districts.has(site.district ?? '')) return false;
  return !filters.q || site.search.includes(filters.q.trim().toLowerCase());
}

/**
 * zoom/latitude/longitude as the address keeps it, or null when it is none.
 * @param {string | null} text
 */
export function readPlace(text) {
  const match = /^(\d{1,2})\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(text ?? '');
  if (!match) return null;
  const [zoom, lat, lon] = match.slice(1).map(Number);
  return zoom <= 20 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}
