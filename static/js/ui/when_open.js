// What stands in a closed part of the page is drawn when that is opened.

/** @param {HTMLElement} element @param {() => void} draw called each time that its `details` is opened */
export function whenOpened(element, draw) {
  element.closest('details')?.addEventListener('toggle', () => { if (isOpen(element)) draw(); });
}

/** @param {HTMLElement} element */
export function isOpen(element) {
  return element.closest('details')?.open ?? true;
}
