// Builds static/js/vendor/protomaps-leaflet/tiles.js: of protomaps-leaflet what layers of vector tiles need. Half of the package
// is a ready-made map style and a reader of PMTiles, which only base maps use; they load the package's own file instead.
// And static/js/vendor/pmtiles/pmtiles.js: the reader of archives, for those that a tablet carries.
//
//     cd tools/tile_library && npm ci --ignore-scripts && node build.mjs

import { build } from 'esbuild';

const ENTRY = `export { leafletLayer, CenteredTextSymbolizer, LineLabelSymbolizer, OffsetTextSymbolizer, TextPlacements }
  from './node_modules/protomaps-leaflet/src/index.ts';`;
// Never called: no layer of ours names a flavor, and an archive comes with its own reader.
const ABSENT = {
  '@protomaps/basemaps': 'export const namedFlavor = () => undefined;',
  pmtiles: 'export class PMTiles {}',
  '../default_style/style': 'export const paintRules = () => [], labelRules = () => [];',
  './default_style/style': '',
};

// Unpacked by the browser's own DecompressionStream, which whatever can keep an archive has.
const UNPACKED = { fflate: "export const decompressSync = () => { throw new Error('no DecompressionStream'); };" };

/** @param {Record<string, string>} absent what stands in the place of a module, by its name */
function leaveOut(absent) {
  return {
    name: 'leave-out',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path }) => (path in absent ? { path, namespace: 'absent' } : undefined));
      onLoad({ filter: /./, namespace: 'absent' }, ({ path }) => ({ contents: absent[path] }));
    },
  };
}

await build({
  stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
  outfile: `${import.meta.dirname}/../../static/js/vendor/protomaps-leaflet/tiles.js`,
  bundle: true, format: 'esm', minify: true, target: 'es2022', legalComments: 'eof', plugins: [leaveOut(ABSENT)],
});

await build({
  stdin: { contents: "export { PMTiles } from 'pmtiles';", resolveDir: import.meta.dirname },
  outfile: `${import.meta.dirname}/../../static/js/vendor/pmtiles/pmtiles.js`,
  bundle: true, format: 'esm', minify: true, target: 'es2022', legalComments: 'eof', plugins: [leaveOut(UNPACKED)],
});
