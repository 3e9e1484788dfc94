const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Milliseconds of a text like `500ms`, `5s`, `30m`, `12h` or `7d`; undefined for any other text. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = FORM.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
}
