import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @type {any} */ (globalThis).document = { documentElement: { lang: 'zh-Hans' } };
const { LayerStack } = await import('../../static/js/map/layer_stack.js');

/** A map with panes and nothing else, and layers that are there when they are told to be. */
class Waiting extends LayerStack {
  load({ key }) {
    const layer = { shown: [], show(on) { this.shown.push(on); } };
    return new Promise((done) => {
      arrivals.set(key, async () => { done(layer); await drawn.get(key); return layer; });
    });
  }

  layer(key) {
    const found = super.layer(key);
    drawn.set(key, found);
    return found;
  }
}

const [arrivals, drawn] = [new Map(), new Map()];

function stack(chosen) {
  arrivals.clear();
  const map = { getPane: () => ({ style: {} }) };
  const layers = [{ key: 'river', name: ['江', ''] }, { key: 'roads', name: ['路', ''] }];
  return new Waiting(map, { attribution: ['', ''], layers }, {}, chosen);
}

test('a layer that the address turns off is not asked for', () => {
  stack('!roads');
  assert.deepEqual([...arrivals.keys()], ['river']);
});

test('a layer that is turned off while it is on its way is not shown when it comes', async () => {
  const layers = stack(null);
  layers.apply(layers.states.map((state) => ({ ...state, on: state.key !== 'river' })));
  const river = await arrivals.get('river')();
  const roads = await arrivals.get('roads')();
  assert.deepEqual(new Set(river.shown), new Set([false]));
  assert.equal(roads.shown.at(-1), true);
});

test('one that is turned on again before it comes is shown', async () => {
  const layers = stack('!river');
  layers.apply(layers.states.map((state) => ({ ...state, on: true })));
  layers.apply(layers.states.map((state) => ({ ...state, on: false })));
  layers.apply(layers.states.map((state) => ({ ...state, on: true })));
  assert.equal((await arrivals.get('river')()).shown.at(-1), true);
});
