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

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Twelve bits as two characters of base64url, so that three hexadecimal digits become two characters at a time. */
const TWELVE_BITS = Array.from(
  { length: 4_096 },
  (_, bits) => BASE64URL.charAt(bits >>> 6) + BASE64URL.charAt(bits & 63),
);

/**
 * A UUIDv7 goes to the bucket of its slice of time, and what the bucket says already is left out of the field:
 * 18 characters instead of 36. Any other id goes to a bucket by its hash.
 */
export function addressOf(id: string, layout: Layout): IdAddress {
  if (TIMED.test(id)) {
    // 0 to 8 and 9 to 13 are the time.
    const issuedAtMs = Number.parseInt(id.slice(0, 8), 16) * 65_536 + Number.parseInt(id.slice(9, 13), 16);
    const suffix = id.length === UUID_LENGTH ? '' : id.slice(UUID_LENGTH);
    return {
      bucket: `s${Math.floor(issuedAtMs / layout.sliceMs)}`,
      // The low 24 bits of the time, 4.6 hours, tell apart all ids of a slice (at most 35 minutes long).
      field: base64(id.slice(6, 8) + id.slice(9, 13) + tailOf(id)) + suffix,
      issuedAtMs,
    };
  }
  return { bucket: `h${hash(id) % layout.buckets}`, field: packed(id), issuedAtMs: undefined };
}

/** The last twenty hexadecimal digits of a UUID. */
function tailOf(id: string): string {
  return id.slice(14, 18) + id.slice(19, 23) + id.slice(24, UUID_LENGTH);
}

/** Hexadecimal digits as base64url without padding. Each pod does this for each message: no copies through buffers. */
function base64(hex: string): string {
  let text = '';
  let at = 0;
  for (; at + 3 <= hex.length; at += 3)
    text += TWELVE_BITS[bitsAt(hex, at) * 16 + digitAt(hex, at + 2)] ?? '';
  if (hex.length - at === 2) text += TWELVE_BITS[bitsAt(hex, at) * 16] ?? '';
  return text;
}

function bitsAt(hex: string, at: number): number {
  return digitAt(hex, at) * 16 + digitAt(hex, at + 1);
}

/** Of `0` to `9` and `a` to `f`. */
function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
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
