// @ts-check

/**
 * An id that looks like a UUIDv7; the same number, the same id.
 * @param {number} begin milliseconds since 1970
 * @param {number} number
 */
export function v7ish(begin, number) {
  const time = (begin + Math.floor(number / 2)).toString(16).padStart(12, '0');
  const tail = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  const count = number.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${count}`;
}
