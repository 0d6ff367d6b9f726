// An archive on the tablet as what a map's layer is drawn from. Its pieces are one Blob, of which only the asked ranges are
// read; the reader itself is fetched when there is an archive to read.

import { openPieces } from './pieces.js';
import { pieceName, readGround } from './shelf.js';

/**
 * In the place of a TileJSON: `tiles` names the archive instead of an address. null when the tablet carries none.
 * @param {string} key of the layer @returns {Promise<{tiles: any[], maxzoom: number, bounds: number[], vector_layers: any[]} | null>}
 */
export async function carriedTiles(key) {
  const carried = (await readGround()).carried[key];
  const whole = carried && await wholeOf(carried);
  if (!whole) return null;
  const { PMTiles } = await import('../../vendor/pmtiles/pmtiles.js');
  const archive = new PMTiles({
    getKey: () => pieceName(carried, 0),
    getBytes: async (offset, length) => ({ data: await whole.slice(offset, offset + length).arrayBuffer() }),
  });
  const [header, metadata] = await Promise.all([archive.getHeader(), archive.getMetadata()]);
  return {
    tiles: [archive], maxzoom: header.maxZoom, vector_layers: metadata.vector_layers ?? [],
    bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat],
  };
}

/** @param {import('./shelf.js').Carried} carried @returns {Promise<Blob | null>} null when the browser has cleared something away */
export async function wholeOf(carried) {
  const pieces = await openPieces();
  const found = await Promise.all(Array.from({ length: carried.pieces }, (_none, at) => pieces.get(pieceName(carried, at))));
  const there = found.filter((piece) => piece !== undefined);
  const whole = new Blob(there);
  return there.length === carried.pieces && whole.size === carried.bytes ? whole : null;
}
