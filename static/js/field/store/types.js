// The shapes of what a tablet keeps. Nothing is done here.

/**
 * @typedef {'unsent' | 'applied' | 'merged' | 'conflict' | 'held' | 'proposed' | 'quarantined'} OpState
 *
 * @typedef {object} OpRow An operation: `body` and `sha256` are frozen, the rest is what became of it.
 * @property {string} op_id @property {number} seq @property {string} entity @property {string} target
 * @property {string} site @property {string} body @property {string} sha256 @property {number} at ms since 1970
 * @property {OpState} state @property {string} code @property {string} detail the server's sentence
 * @property {Record<string, any>} [conflicts] @property {string} [decision] the office's
 * @property {number} [revision] of the site, after it was applied @property {number} [acked_at] ms since 1970
 *
 * @typedef {object} OpSpec What an operation is made from. `changes`: field to [old, new].
 * @property {string} op_id @property {string} entity @property {string} id @property {string} site
 * @property {number | null} [base_rev] @property {Record<string, [any, any]>} changes @property {string[]} [depends_on]
 *
 * @typedef {'draft' | 'waiting' | 'verified' | 'lost'} PhotoState
 *
 * @typedef {object} PhotoRow A photograph; its bytes stand under the same id in `blobs`.
 * @property {string} id @property {string} site @property {string} inspection @property {string} op_id
 * @property {number} size bytes @property {string} sha256 @property {string} type media type @property {string} role
 * @property {string} taken_at ISO 8601 @property {number | null} lon @property {number | null} lat
 * @property {number | null} accuracy_m @property {number | null} bearing_deg
 * @property {number} [age_ms] when remarkably old, for its taker's eyes @property {number} [away_m] when remarkably far from the taker
 * @property {PhotoState} state @property {number} offset bytes that the server has @property {string} [code]
 * @property {number} [verified_at] ms since 1970 @property {string} [sketch_of] the photograph that this is a marked copy of
 *
 * @typedef {{id: string, run: number, doc: any}} SiteRow `run`: the whole fetching that it came with
 *
 * @typedef {object} Draft What stands in an open form.
 * @property {string} site @property {string} inspection
 * @property {{revision: number, state: string, progress: number | null, attributes: Record<string, any>}} base the site as it was
 *   known when the form was opened: what the changes are measured against
 * @property {string} note @property {number | null} progress @property {string} state
 * @property {string} state_note @property {Record<string, any>} attributes @property {string} away_reason
 * @property {import('../geo/average.js').Place | null} position taken by the inspector's word @property {number} at ms since 1970
 *
 * @typedef {object} OutlineDraft A geometry that is being drawn.
 * @property {string} id of the site, or of the one that is proposed @property {boolean} isNew
 * @property {string} programme @property {'Point' | 'LineString' | 'Polygon'} kind
 * @property {[number, number][]} vertices lon, lat; of a polygon its outer ring, not closed @property {[number, number][][]} holes
 * @property {(null | {at: number, was: [number, number], isGone: boolean})[]} steps how each of the last came about: null added a vertex
 * @property {{revision: number, geom: string} | null} base the site as it was known when the drawing began
 * @property {string} name @property {string} address @property {string} note @property {Record<string, any>} attributes @property {number} at ms since 1970
 *
 * @typedef {object} TrackRow A way that is being recorded.
 * @property {string} id @property {string} site that somebody walks for @property {number} started_at ms since 1970
 * @property {[number, number, number, number][]} points lon, lat, seconds after the start, accuracy in metres (radius of 95 %)
 * @property {number} stale fixes that were old when they came @property {boolean} isMock @property {import('../geo/average.js').Fix[]} heard the last fixes, taken or not
 *
 * @typedef {{id: number, username: string, name: string, role: string}} Person
 */

export {};
