// Which steps of the workflow a person may take; the same rule as the server's (projects/workflow.py).

/** @typedef {{source: string, target: string, requires_photo: boolean, requires_note: boolean, roles: string[]}} Step */

/** @param {any} reference @param {any} site @param {string} role @returns {(Step & {name: [string, string], phase: string})[]} */
export function stepsFor(reference, site, role) {
  const workflow = workflowOf(reference, site);
  if (!workflow) return [];
  const states = new Map(workflow.states.map((/** @type {any} */ state) => [state.key, state]));
  return workflow.steps
    .filter((/** @type {Step} */ step) => step.source === site.state && mayTake(step, role))
    .map((/** @type {Step} */ step) => {
      const state = /** @type {any} */ (states.get(step.target));
      return { ...step, name: [state.name, state.name_en], phase: state.phase };
    });
}

/** @param {any} reference @param {any} site */
export function workflowOf(reference, site) {
  const programme = reference.programmes.find((/** @type {any} */ one) => one.key === site.programme);
  return reference.workflows.find((/** @type {any} */ one) => one.key === programme?.workflow);
}

/** @param {Step} step @param {string} role */
function mayTake(step, role) {
  if (role === 'administrator' || !step.roles.length) return true;
  return step.roles.includes(role) || (role === 'planner' && step.roles.includes('inspector'));
}
