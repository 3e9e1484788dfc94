/** Figures and seeds, beside what Jest prints. */
export function say(text: string): void {
  process.stderr.write(`    ${text}\n`);
}
