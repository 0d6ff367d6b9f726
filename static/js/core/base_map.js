// Base maps that the installation's settings name.

/**
 * @typedef {{key: string, name: [string, string], type: 'xyz' | 'pmtiles', urls: string[], subdomains: string[], gcj02: boolean,
 *   minzoom: number, maxzoom: number, attribution: string, approval: string}} BaseMap urls: from the bottom up
 */

/** The one that the address names, or the installation's own; undefined for none. @param {string | null} key @param {BaseMap[]} known @param {string} standard */
export function chosenBase(key, known, standard) {
  return known.find((base) => base.key === (key ?? standard));
}
