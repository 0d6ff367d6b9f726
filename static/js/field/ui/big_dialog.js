// A dialog over everything, with a bar of buttons at its foot. It is taken out of the page when it closes.

/** @param {string} name @returns {{dialog: HTMLDialogElement, bar: HTMLElement}} not open yet */
export function bigDialog(name) {
  const dialog = document.createElement('dialog');
  dialog.className = 'camera';
  dialog.setAttribute('aria-label', name);
  const bar = document.createElement('div');
  bar.className = 'camera-bar';
  dialog.append(bar);
  dialog.addEventListener('close', () => dialog.remove());
  return { dialog, bar };
}

/** @param {string} words @param {() => void} press @param {string} [kind] */
export function dialogButton(words, press, kind = '') {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', className: `btn ${kind}`, textContent: words });
  made.addEventListener('click', press);
  return made;
}
