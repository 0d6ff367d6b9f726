// Layers in groups: a group stands together, in the list as on the map.

/** @typedef {import('./layer_state.js').LayerState} LayerState */
/** @typedef {{key: string, states: LayerState[]}} Group */

/**
 * Groups in the order of their topmost layers; within each the layers' own order.
 * @param {LayerState[]} states the top one first @param {(key: string) => string} groupOf a layer's group
 * @returns {Group[]}
 */
export function inGroups(states, groupOf) {
  /** @type {Map<string, LayerState[]>} */
  const groups = new Map();
  for (const state of states) {
    const key = groupOf(state.key);
    groups.set(key, [...(groups.get(key) ?? []), state]);
  }
  return [...groups].map(([key, members]) => ({ key, states: members }));
}
