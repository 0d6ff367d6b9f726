export const leafletLayer: (options: Record<string, unknown>) => any;
export const CenteredTextSymbolizer: any;
export const LineLabelSymbolizer: any;
export const OffsetTextSymbolizer: any;
export const TextPlacements: any;
