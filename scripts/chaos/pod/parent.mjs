// @ts-check
/** A process of the campaign does not outlive it. */
export function stopWithParent() {
  process.on('disconnect', () => process.exit(0));
  // An interrupt from the terminal is the campaign's to handle: it ends its processes itself.
  process.on('SIGINT', () => undefined);
}

const EVERY_MS = 50;

/**
 * Tells the campaign whether this process can work, when that changes.
 * @param {() => { ok: boolean, reasons: readonly string[] }} health
 */
export function reportReadiness(health) {
  let told = '';
  const timer = setInterval(() => {
    const { ok, reasons } = health();
    const text = `${ok} ${reasons.join('; ')}`;
    if (text === told || !process.connected) return;
    told = text;
    tell({ ready: ok, reasons });
  }, EVERY_MS);
  timer.unref();
}

/** @param {object} message */
export function tell(message) {
  // The parent may be gone at any moment.
  if (process.connected) process.send?.(message, () => undefined);
}
