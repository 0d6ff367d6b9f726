// Drawing on a copy of a photograph, with the finger or by the keyboard. Fetched when it is first wanted.

import { bigDialog, dialogButton } from '../ui/big_dialog.js';
import { exifOf, upright, withExif } from './exif.js';
import { COLOURS, begun, drawStroke, drawnTo, isMark } from './strokes.js';

/**
 * @typedef {import('./strokes.js').Stroke} Stroke
 * @typedef {import('./strokes.js').Tool} Tool
 * @typedef {import('./strokes.js').Place} Place
 */

const QUALITY = 0.88;
const KEY_STEP = 0.03;
const FINE_STEP = 0.006;
/** @type {Record<string, Place>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {Blob} photograph @returns {Promise<Blob | null>} the marked copy, with the photograph's EXIF; null when nothing was to be kept */
export async function sketchOn(photograph) {
  const picture = await createImageBitmap(photograph, { imageOrientation: 'from-image' });
  try {
    const strokes = await new Sketch(picture).drawn();
    return strokes.length ? await marked(photograph, picture, strokes) : null;
  } finally {
    picture.close();
  }
}

class Sketch {
  /** @param {ImageBitmap} picture */
  constructor(picture) {
    this.picture = picture;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {Stroke | null} the one under the finger, or between two presses of Enter */
    this.current = null;
    /** @type {Tool} */
    this.tool = 'arrow';
    this.colour = /** @type {string} */ (COLOURS[0]);
    /** @type {Place} where the keyboard's cross stands */
    this.cross = [0.5, 0.5];
    this.isKeyed = false;
    this.canvas = document.createElement('canvas');
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.word = document.createElement('p');
    this.undoButton = dialogButton(gettext('Undo'), () => this.undo());
  }

  /** @returns {Promise<Stroke[]>} none when it was discarded */
  drawn() {
    const { dialog, bar } = bigDialog(gettext('Draw on a copy'));
    dialog.classList.add('sketch');
    Object.assign(this.canvas, { width: this.picture.width, height: this.picture.height, tabIndex: 0 });
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', gettext('Photograph to draw on. With the keyboard: arrow keys move the cross, Enter begins and ends a mark, Shift moves finely.'));
    this.word.className = 'visually-hidden';
    this.word.setAttribute('role', 'status');
    bar.before(this.canvas, this.word);
    return new Promise((done) => {
      const end = (/** @type {Stroke[]} */ strokes) => { dialog.close(); done(strokes); };
      bar.append(...this.tools(), this.undoButton, dialogButton(gettext('Discard'), () => end([])), dialogButton(gettext('Keep the copy'), () => end(this.strokes), 'btn-primary'));
      // Escape, or a tablet's "back", throws nothing away.
      dialog.addEventListener('cancel', (event) => { if (this.strokes.length) event.preventDefault(); else done([]); });
      this.listen();
      document.body.append(dialog);
      dialog.showModal();
      this.show();
    });
  }

  tools() {
    const tools = /** @type {[Tool, string][]} */ ([['arrow', `↗ ${gettext('Arrow')}`], ['ring', `◯ ${gettext('Ring')}`], ['line', `〰 ${gettext('Line')}`]]);
    const names = [gettext('yellow'), gettext('red'), gettext('blue'), gettext('white')];
    return [
      group(gettext('Tool'), tools.map(([tool, words]) => dialogButton(words, () => { this.tool = tool; }, 'tool')), 0),
      group(gettext('Colour'), COLOURS.map((colour, at) => {
        const made = dialogButton('', () => { this.colour = colour; }, 'swatch');
        made.style.setProperty('--swatch', colour);
        made.setAttribute('aria-label', names[at]);
        return made;
      }), 0),
    ];
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => {
      if (this.current && !this.isKeyed) return; // a second finger, or the ball of the hand
      canvas.setPointerCapture(event.pointerId);
      this.isKeyed = false;
      this.current = begun(this.tool, this.colour, this.placeOf(event));
    });
    canvas.addEventListener('pointermove', (event) => {
      if (this.current && !this.isKeyed && canvas.hasPointerCapture(event.pointerId)) this.draw(this.placeOf(event));
    });
    canvas.addEventListener('pointerup', (event) => { if (canvas.hasPointerCapture(event.pointerId)) this.finish(); });
    canvas.addEventListener('pointercancel', () => { this.current = null; this.show(); });
    canvas.addEventListener('keydown', (event) => this.key(event));
  }

  /** Of the picture, which the canvas shows whole. @param {PointerEvent} event @returns {Place} */
  placeOf({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const scale = Math.min(box.width / this.canvas.width, box.height / this.canvas.height);
    const [wide, high] = [this.canvas.width * scale, this.canvas.height * scale];
    return [(clientX - box.left - (box.width - wide) / 2) / wide, (clientY - box.top - (box.height - high) / 2) / high];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const way = WAYS[event.key];
    if (!way && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    const step = event.shiftKey ? FINE_STEP : KEY_STEP;
    const isFirst = !this.isKeyed && !this.current;
    this.isKeyed = true;
    if (way) {
      this.cross = /** @type {Place} */ (this.cross.map((share, at) => Math.max(0, Math.min(1, share + way[at] * step))));
      if (this.current) this.draw(this.cross);
    } else if (this.current && !isFirst) this.finish();
    else this.current = begun(this.tool, this.colour, this.cross);
    this.show();
  }

  /** @param {Place} at */
  draw(at) {
    if (this.current) this.current = drawnTo(this.current, at);
    this.show();
  }

  finish() {
    if (this.current && isMark(this.current)) this.strokes = [...this.strokes, this.current];
    this.current = null;
    this.show();
  }

  undo() {
    this.strokes = this.strokes.slice(0, -1);
    this.show();
  }

  show() {
    const { canvas: { width, height }, pen } = this;
    pen.drawImage(this.picture, 0, 0, width, height);
    for (const stroke of this.current ? [...this.strokes, this.current] : this.strokes) drawStroke(pen, stroke, width, height);
    if (this.isKeyed) for (const turn of /** @type {Place[]} */ ([[0.02, 0], [0, 0.02]])) drawStroke(pen, { tool: 'line', colour: this.colour, places: [add(this.cross, turn, -1), add(this.cross, turn, 1)] }, width, height);
    this.undoButton.disabled = !this.strokes.length;
    this.word.textContent = interpolate(ngettext('%(count)s mark', '%(count)s marks', this.strokes.length), { count: this.strokes.length }, true);
  }
}

/** @param {Place} a @param {Place} b @param {number} sign @returns {Place} */
function add(a, b, sign) { return [a[0] + sign * b[0], a[1] + sign * b[1]]; }

/** Buttons of which one is pressed. @param {string} name @param {HTMLButtonElement[]} buttons @param {number} first */
function group(name, buttons, first) {
  const made = document.createElement('div');
  made.setAttribute('role', 'group');
  made.setAttribute('aria-label', name);
  const press = (/** @type {number} */ chosen) => buttons.forEach((one, at) => one.setAttribute('aria-pressed', String(at === chosen)));
  buttons.forEach((one, at) => one.addEventListener('click', () => press(at)));
  press(first);
  made.append(...buttons);
  return made;
}

/** @param {Blob} photograph @param {ImageBitmap} picture @param {Stroke[]} strokes */
async function marked(photograph, picture, strokes) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.drawImage(picture, 0, 0);
  for (const stroke of strokes) drawStroke(pen, stroke, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {(found: Blob) => void} */ resolve, reject) => {
    canvas.toBlob((found) => (found ? resolve(found) : reject(new Error('toBlob'))), 'image/jpeg', QUALITY);
  });
  const exif = photograph.type === 'image/jpeg' ? exifOf(new Uint8Array(await photograph.arrayBuffer())) : null;
  return exif ? new Blob([withExif(new Uint8Array(await blob.arrayBuffer()), upright(exif))], { type: 'image/jpeg' }) : blob;
}
