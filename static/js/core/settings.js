// What the server tells a map page, and names in the reader's language.

/**
 * @typedef {[string, string]} Names Chinese and English
 * @typedef {{key: string, name: Names, theme: Names, symbol: string}} Programme
 * @typedef {{type: string, label: string, label_en: string, minzoom: number, maxzoom: number, heading?: boolean, symbol: Record<string, any>}} LegendEntry
 * @typedef {{key: string, name: Names, group: Names, url: string, feature: string, tilejson: string, count: number,
 *   style: import('./style.js').Style, legend: LegendEntry[], schematic: boolean, attribution: string}} ReferenceLayer
 * @typedef {{tiles: string, date: string, sensor: string, bounds: number[], simulated: boolean}} Scene
 * @typedef {{
 *   bbox: [number, number, number, number], attribution: Names, approval: string,
 *   sites: string, site_page: string, home: string, districts: string | null, layers: ReferenceLayer[], layer_choice?: {layers: string, url: string} | null, archive_library: string,
 *   programmes: Programme[], phases: {key: string, name: string}[], units: [string, string, string][],
 *   states: Record<string, Names>, scene?: Scene, imagery?: {key: string, name: Names, scene: Scene}[], base_maps?: import('./base_map.js').BaseMap[], base_map?: string, editing?: any, site?: any, inside?: any, outside?: any,
 *   carried?: (key: string) => Promise<any>, screen_only?: boolean, scenes?: {before: Scene, after: Scene}[], change?: string | null,
 * }} MapSettings
 */

export const ENGLISH = document.documentElement.lang.startsWith('en');

/** @returns {MapSettings} */
export function mapSettings() {
  return JSON.parse(document.getElementById('map-settings')?.textContent ?? '{}');
}

/**
 * The reader's name of a thing that has two; the Chinese when there is no English one.
 * @param {readonly string[] | undefined} names
 */
export function pick(names) {
  if (!names) return '';
  return (ENGLISH && names[1]) || names[0];
}

/** @param {string} template @param {string} id */
export function sitePage(template, id) {
  return template.replace('00000000-0000-0000-0000-000000000000', id);
}
