const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/**
 * The slot of a Redis Cluster in which a key lives: CRC-16 (XMODEM) of its hash tag, or of the whole key.
 * The driver computes it too, but does not let us ask.
 */
export function hashSlot(key: string): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 0x8000 ? ((crc << 1) ^ POLYNOMIAL) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc % SLOTS;
}
