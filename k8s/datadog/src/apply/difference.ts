/**
 * Where what Datadog has is not what is wanted. What it adds by itself (ids, dates, owners, defaults) does not count.
 * @returns one line per place
 */
export function difference(wanted: unknown, found: unknown, path = ''): string[] {
  if (Array.isArray(wanted)) {
    const there: unknown[] = Array.isArray(found) ? found : [];
    if (wanted.length !== there.length)
      return [`${path}: ${wanted.length} instead of ${there.length} entries`];
    return wanted.flatMap((item, index) => difference(item, there[index], `${path}[${index}]`));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const there = typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
    return Object.entries(wanted).flatMap(([key, value]) =>
      difference(value, there[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return wanted === found ? [] : [`${path}: ${shown(wanted)} instead of ${shown(found)}`];
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
