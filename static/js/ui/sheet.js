// The panel as a sheet on a phone: its handle opens and closes it, and so does Escape.

/** @param {HTMLElement} panel @param {HTMLElement} handle */
export function makeSheet(panel, handle) {
  /** @param {boolean} open */
  const set = (open) => {
    panel.classList.toggle('is-open', open);
    handle.setAttribute('aria-expanded', String(open));
  };
  handle.addEventListener('click', () => set(!panel.classList.contains('is-open')));
  panel.querySelector('input[type="search"]')?.addEventListener('focus', () => set(true));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') set(false);
  });
  return { close: () => set(false) };
}
