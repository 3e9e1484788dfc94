let drawn = 0;

/** An id that carries its time of issue. */
export function uuidV7(atMs: number): string {
  drawn += 1;
  const time = Math.floor(atMs).toString(16).padStart(12, '0');
  const rest = drawn.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}
