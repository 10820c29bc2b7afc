/** Names and texts of what surrounds the mapping, the same in both backends. */

/** Tag of an event that asks to keep `event.original`; an event that failed gets it. */
export const KEEP_TAG = 'preserve_original_event';

/** `event.kind` of an event that failed. */
export const FAILED_KIND = 'pipeline_error';

/** Tag of the processor that parses the record. */
export const PARSE_TAG = 'parse_record';

/** What `error.message` says where the record is JSON, but no object. */
export const NO_OBJECT = 'event.original: the record is no JSON object';
