import type { Layout } from './layout.js';

/** Where an id is remembered: a bucket, and a field in it. Computed from the id alone, never from an envelope. */
export interface IdAddress {
  readonly bucket: string;
  readonly field: string;
  /** When the id was issued, milliseconds since 1970; undefined when the id does not say. */
  readonly issuedAtMs: number | undefined;
}

/** Also the head of an id derived from one, such as `<uuid>:inventory:0`. */
const TIMED = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_LENGTH = 36;

/**
 * A UUIDv7 goes to the bucket of its slice of time, and what the bucket says already is left out of the field:
 * 18 characters instead of 36. Any other id goes to a bucket by its hash.
 */
export function addressOf(id: string, layout: Layout): IdAddress {
  if (TIMED.test(id)) {
    const hex = id.slice(0, UUID_LENGTH).replaceAll('-', '');
    const issuedAtMs = Number.parseInt(hex.slice(0, 12), 16);
    return {
      bucket: `s${Math.floor(issuedAtMs / layout.sliceMs)}`,
      // The low 24 bits of the time, 4.6 hours, tell apart all ids of a slice (at most 35 minutes long).
      field: Buffer.from(hex.slice(6), 'hex').toString('base64url') + id.slice(UUID_LENGTH),
      issuedAtMs,
    };
  }
  return { bucket: `h${hash(id) % layout.buckets}`, field: packed(id), issuedAtMs: undefined };
}

/** Other UUIDs shrink from 36 to 23 characters; the control character in front cannot occur in an id. */
function packed(id: string): string {
  if (!UUID.test(id)) return id;
  return `\u0001${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`;
}

/** FNV-1a: spreads well enough over buckets, and needs no library. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
