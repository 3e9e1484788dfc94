import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf } from './id-address.js';
import { planLayout } from './layout.js';

const layout = planLayout(1_000, 7 * 86_400_000);
const printable = fc.stringMatching(/^[!-~]{1,60}$/);

describe('addressOf', () => {
  it('puts UUIDv7 ids of one slice of time into one bucket, with a short field', () => {
    const first = addressOf('01a1fbe6-1280-7abc-8def-0123456789ab', layout);
    const second = addressOf('01a1fbe6-1281-7000-8000-000000000000', layout);
    expect(first.bucket).toBe(second.bucket);
    expect(first.field).toHaveLength(18);
    expect(first.issuedAtMs).toBe(0x01a1fbe61280);
  });

  it('puts ids derived from a UUIDv7 where their origin is, under a field of their own', () => {
    const origin = addressOf('01a1fbe6-1280-7abc-8def-0123456789ab', layout);
    const derived = addressOf('01a1fbe6-1280-7abc-8def-0123456789ab:inventory:0', layout);
    expect(derived.bucket).toBe(origin.bucket);
    expect(derived.field).toBe(`${origin.field}:inventory:0`);
  });

  it('writes what stands behind the slice as base64url', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), (id) => {
        const hex = id.replaceAll('-', '');
        const { field, issuedAtMs } = addressOf(id, layout);
        expect(field).toBe(Buffer.from(hex.slice(6), 'hex').toString('base64url'));
        expect(issuedAtMs).toBe(Number.parseInt(hex.slice(0, 12), 16));
      }),
    );
  });

  it('treats an upper-case spelling as another id that carries no time', () => {
    const { issuedAtMs, bucket } = addressOf('01A1FBE6-1280-7ABC-8DEF-0123456789AB', layout);
    expect(issuedAtMs).toBeUndefined();
    expect(bucket).toMatch(/^h\d+$/);
  });

  it('gives two ids the same address only if they are the same id', () => {
    fc.assert(
      fc.property(
        fc.oneof(printable, fc.uuid()),
        fc.oneof(printable, fc.uuid()),
        fc.constantFrom('', ':inventory:0'),
        (one, other, suffix) => {
          const ids = [one + suffix, other + suffix] as const;
          const [a, b] = ids.map((id) => addressOf(id, layout));
          const same = a?.bucket === b?.bucket && a?.field === b?.field;
          expect(same).toBe(ids[0] === ids[1]);
        },
      ),
    );
  });

  it('keeps the fields of all ids of the longest slice apart', () => {
    const slow = planLayout(0.001, 86_400_000);
    const from = Math.floor(0x01a1fbe61280 / slow.sliceMs) * slow.sliceMs;
    const fields = new Set<string>();
    for (let ms = from; ms < from + slow.sliceMs; ms += 1_009) {
      const hex = ms.toString(16).padStart(12, '0');
      const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
      const { field, bucket } = addressOf(id, slow);
      expect(bucket).toBe(`s${Math.floor(ms / slow.sliceMs)}`);
      expect(fields.has(field)).toBe(false);
      fields.add(field);
    }
  });
});
