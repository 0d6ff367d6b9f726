// Which layers are on, in which order and how opaque: kept in the address, so that a link opens what its sender saw.

/** @typedef {{key: string, on: boolean, opacity: number}} LayerState opacity: 0 to 1 */

/**
 * `nen,places.60,!chainage`: the top one first, `!` is off, `.60` is 60 % opaque. Layers that are not named follow in their
 * own order, on; keys that nobody knows are let be.
 * @param {string | null} text @param {LayerState[]} known in their own order
 * @returns {LayerState[]}
 */
export function readLayers(text, known) {
  const rest = new Map(known.map((state) => [state.key, state]));
  /** @type {LayerState[]} */
  const found = [];
  for (const word of (text ?? '').split(',')) {
    const match = /^(!?)([\w-]+)(?:\.(\d{1,3}))?$/.exec(word);
    if (!match || !rest.delete(match[2])) continue;
    found.push({ key: match[2], on: !match[1], opacity: Math.min(100, Number(match[3] ?? 100)) / 100 });
  }
  return [...found, ...rest.values()];
}

/** Empty for the layers as they are known. @param {LayerState[]} states @param {LayerState[]} known */
export function writeLayers(states, known) {
  const text = written(states);
  return text === written(known) ? '' : text;
}

/** @param {LayerState[]} states */
function written(states) {
  return states.map(({ key, on, opacity }) => `${on ? '' : '!'}${key}${opacity < 1 ? `.${Math.round(opacity * 100)}` : ''}`).join(',');
}

/** The same list with one item moved by so many places. @template T @param {T[]} list @param {number} from @param {number} to @returns {T[]} */
export function moved(list, from, to) {
  const rest = [...list];
  const [item] = rest.splice(from, 1);
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, item);
  return rest;
}
