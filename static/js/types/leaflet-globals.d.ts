// What @types/leaflet leaves out: Geoman's pm on maps and layers, and that GeoJSON hands its renderer on.

import 'leaflet';

declare module 'leaflet' {
  interface Map { pm: any; }
  interface Layer { pm: any; }
  interface GeoJSONOptions { renderer?: Renderer; }
}
