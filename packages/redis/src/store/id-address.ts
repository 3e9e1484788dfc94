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
 * Where a UUIDv7 has the bytes that go into its field: the low 24 bits of its time (4.6 hours, they tell apart all ids of
 * a slice, which is at most 35 minutes long), and everything behind its time.
 */
const FIELD_BYTES_AT = [6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** Of the field that is made next: each pod makes one for each message, so no buffer is made for it. */
const fieldBytes = Buffer.alloc(FIELD_BYTES_AT.length);

/**
 * A UUIDv7 goes to the bucket of its slice of time, and what the bucket says already is left out of the field:
 * 18 characters instead of 36. Any other id goes to a bucket by its hash.
 */
export function addressOf(id: string, layout: Layout): IdAddress {
  if (TIMED.test(id)) {
    const issuedAtMs = timeOf(id);
    const field = fieldOf(id);
    return {
      bucket: `s${Math.floor(issuedAtMs / layout.sliceMs)}`,
      field: id.length === UUID_LENGTH ? field : field + id.slice(UUID_LENGTH),
      issuedAtMs,
    };
  }
  return { bucket: `h${hash(id) % layout.buckets}`, field: packed(id), issuedAtMs: undefined };
}

/** Of a UUIDv7: its first 48 bits, with a dash behind the eighth digit. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 65_536 + Number.parseInt(id.slice(9, 13), 16);
}

function fieldOf(id: string): string {
  let n = 0;
  for (const at of FIELD_BYTES_AT) fieldBytes[n++] = digitAt(id, at) * 16 + digitAt(id, at + 1);
  return fieldBytes.toString('base64url');
}

/** Of `0` to `9` and `a` to `f`. */
function digitAt(id: string, at: number): number {
  const code = id.charCodeAt(at);
  return code < 0x40 ? code - 0x30 : code - 0x57;
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
