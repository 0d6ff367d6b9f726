// The app: who holds the tablet, what is in the database, which screen is open. Screens are functions of this.

import { render } from '../vendor/lit-html/lit-html.js';
import { mapSettings } from '../core/settings.js';
import { Whereabouts } from './geo/watch.js';
import { readModel } from './model.js';
import { frame } from './screens/frame.js';
import { openForm } from './form/open.js';
import { carriedTiles } from './ground/archive.js';
import { Preparation } from './preparation.js';
import { openStore } from './store/database.js';
import { deviceId } from './store/tablet.js';
import { isTight, room } from './storage.js';
import { Engine } from './sync/engine.js';
import { Pictures } from './ui/pictures.js';
import { Recorder } from './track/recorder.js';
import { keepGround } from './worker_link.js';
import { MOST_WHOLE } from '../map/layer_stack.js';

/**
 * @typedef {import('./store/types.js').Person} Person
 * @typedef {{screen: () => any, close: () => void}} Opened a screen with a life of its own
 */

const NOTICE_MS = 8_000;
/** Screens whose code is fetched (from the tablet) when they are first opened, by the word in the address.
 * @type {Record<string, () => Promise<{open: (app: FieldApp, id: string) => Promise<Opened | null>}>>} */
const LATER = { outline: () => import('./screens/outline.js'), propose: () => import('./screens/propose.js') };

export class App {
  /** @param {HTMLElement} root @param {Person} person @param {string} device @param {import('./store/database.js').Database} db */
  constructor(root, person, device, db) {
    this.root = root;
    this.person = person;
    this.device = device;
    this.db = db;
    this.settings = /** @type {any} */ ({ ...mapSettings(), carried: carriedTiles, screen_only: true });
    /** @type {import('./model.js').Model | null} */
    this.model = null;
    this.route = '';
    this.filter = { q: '', programme: '', phase: '', by: /** @type {'urgency' | 'distance'} */ ('urgency'), limit: 60 };
    this.pane = 'list'; // on a narrow screen: list or map
    this.notice = '';
    this.hasUpdate = false;
    this.isInstalled = false;
    /** @type {import('./storage.js').Room} */
    this.room = { isKept: false, free: null };
    /** @type {import('./form/open.js').Form | null} the open form */
    this.form = null;
    /** @type {Opened | null} */
    this.opened = null;
    this.preparation = new Preparation(this);
    this.planned = 0;
    this.silence = 0;
    this.pictures = new Pictures(db, () => this.draw());
    this.whereabouts = new Whereabouts(() => this.draw());
    this.whereabouts.heard.add((fix) => this.form?.capture.hear(fix));
    const name = /** @type {any} */ (navigator).userAgentData?.platform ?? navigator.platform ?? '';
    this.recorder = new Recorder(this);
    this.engine = new Engine({ db, user: person.id, device: { id: device, name: name.slice(0, 80), app: this.settings.version }, isTight });
  }

  async start() {
    addEventListener('hashchange', () => this.go());
    this.engine.listen(() => this.refresh());
    await this.read();
    await this.go();
    this.engine.start();
    this.recorder.start().then(() => this.draw()).catch((error) => console.warn(error));
    keepGround(groundOf(this.settings))
      .then(() => this.ready()).catch(() => {}); // the next start tries again
    this.preparation.start().then(() => this.draw()).catch(() => {});
    this.room = await room();
    this.draw();
  }

  /** The app and its map are on the tablet: it starts without network from here on. */
  ready() {
    this.isInstalled = true;
    this.draw();
  }

  /** To where the address says. */
  async go() {
    const route = location.hash.replace(/^#\/?/, '');
    if (route === this.route && this.form === null && this.opened === null) return this.draw();
    this.route = route;
    this.notice = '';
    this.pictures.clear();
    const [kind, id, verb] = route.split('/');
    this.form = null;
    this.opened?.close();
    this.opened = null;
    await this.openLater(kind, id, verb);
    if (kind === 'sites' && verb === 'inspect') {
      this.form = await openForm(this, id);
      this.whereabouts.start();
    }
    if (kind === 'sites' && !this.opened && !this.model?.sites.has(id)) this.say(gettext('This site is not on the tablet.'));
    this.draw();
    scrollTo(0, 0);
    this.root.querySelector('h1')?.focus();
  }

  /** @param {string} kind @param {string} id @param {string} verb */
  async openLater(kind, id, verb) {
    const load = LATER[verb] ?? LATER[kind];
    if (!load) return;
    const route = this.route;
    const opened = await (await load()).open(this, id);
    if (route === this.route) this.opened = opened;
    else opened?.close();
  }

  /** Something in the database has changed. */
  refresh() {
    if (this.planned) return;
    this.planned = Number(setTimeout(async () => {
      this.planned = 0;
      await this.read();
      this.draw();
    }, 100));
  }

  async read() {
    this.model = await readModel(this.db);
  }

  draw() {
    if (this.model) render(frame(this), this.root);
  }

  /** A sentence at the foot of the screen for some seconds, read aloud. @param {string} words */
  say(words) {
    this.notice = words;
    this.draw();
    clearTimeout(this.silence);
    this.silence = Number(setTimeout(() => {
      this.notice = '';
      this.draw();
    }, NOTICE_MS));
  }
}

/** Addresses that the map's ground is drawn from; what comes as tiles is not among them. @param {any} settings @returns {string[]} */
function groundOf({ districts, layers }) {
  const whole = layers.filter((/** @type {any} */ layer) => layer.count <= MOST_WHOLE);
  return [districts, ...whole.map((/** @type {any} */ layer) => layer.url)].filter(Boolean);
}

/** @param {HTMLElement} root @param {Person} person */
export async function openApp(root, person) {
  const app = new App(root, person, await deviceId(), await openStore(person.id));
  await app.start();
  return app;
}
