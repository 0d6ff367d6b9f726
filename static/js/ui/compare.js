// The slider between before and after, on a native range input: pointer, touch, arrows, Home and End come with it.

/**
 * Two pictures over each other; the input's value is the divider's place in per cent from the left.
 * @param {HTMLElement} element holds .after, .divider and the range input
 */
export function makeCompare(element) {
  const input = /** @type {HTMLInputElement} */ (element.querySelector('input[type="range"]'));
  const after = /** @type {HTMLElement} */ (element.querySelector('.after'));
  const divider = /** @type {HTMLElement} */ (element.querySelector('.divider'));
  follow(input, (share) => {
    after.style.clipPath = `inset(0 0 0 ${share}%)`;
    divider.style.left = `${share}%`;
  });
}

/**
 * Call `move` with the input's value now and whenever it changes.
 * @param {HTMLInputElement} input @param {(share: number) => void} move
 */
export function follow(input, move) {
  const apply = () => {
    move(Number(input.value));
    input.setAttribute('aria-valuetext', interpolate(gettext('before %(before)s : after %(after)s'), { before: input.value, after: 100 - Number(input.value) }, true));
  };
  input.addEventListener('input', apply);
  apply();
}
