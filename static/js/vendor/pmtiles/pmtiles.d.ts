// The part of pmtiles that we use.

export interface RangeResponse { data: ArrayBuffer; etag?: string; expires?: string; cacheControl?: string; }
export interface Source {
  getKey: () => string;
  getBytes: (offset: number, length: number, signal?: AbortSignal, etag?: string) => Promise<RangeResponse>;
}
export interface Header { minLon: number; minLat: number; maxLon: number; maxLat: number; minZoom: number; maxZoom: number; }
export class PMTiles {
  constructor(source: Source | string);
  getHeader(): Promise<Header>;
  getMetadata(): Promise<any>;
  getZxy(z: number, x: number, y: number, signal?: AbortSignal): Promise<RangeResponse | undefined>;
}
