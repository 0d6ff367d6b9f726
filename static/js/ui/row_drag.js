// Dragging a row to another's place by its grip: pointer and finger alike. Buttons do the same for the keyboard.

/**
 * @param {PointerEvent} event on the grip, within a row that has data-key
 * @param {(key: string) => void} drop told the key of the row that it was dropped on
 */
export function startDrag(event, drop) {
  const grip = /** @type {HTMLElement} */ (event.currentTarget);
  const row = /** @type {HTMLElement} */ (grip.closest('[data-key]'));
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  row.classList.add('is-dragged');
  /** @type {HTMLElement | null} */
  let over = null;
  /** @param {HTMLElement | null} next */
  const mark = (next) => {
    over?.classList.remove('is-target');
    over = next;
    over?.classList.add('is-target');
  };
  /** @param {PointerEvent} move */
  const follow = (move) => {
    const found = document.elementFromPoint(move.clientX, move.clientY)?.closest('[data-key]');
    mark(found instanceof HTMLElement && found !== row && found.parentElement === row.parentElement ? found : null);
  };
  /** @param {boolean} dropped */
  const end = (dropped) => {
    grip.removeEventListener('pointermove', follow);
    row.classList.remove('is-dragged');
    const key = over?.dataset.key;
    mark(null);
    if (dropped && key) drop(key);
  };
  grip.addEventListener('pointermove', follow);
  grip.addEventListener('pointerup', () => end(true), { once: true });
  grip.addEventListener('pointercancel', () => end(false), { once: true });
}
