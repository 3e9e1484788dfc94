/** A name for this process that needs no configuration: safe in keys, and no other process on the host has it. */
export function podNameOf(host: string, pid: number): string {
  return `${host}-${pid}`.replace(/[^A-Za-z0-9_.-]/g, '-').slice(-64);
}
