const REFUSED_AT = /can't run this command or subcommand script: \w+, on @user_script:(\d+)/;
const COMMAND = /'([A-Z]+)'/g;

/**
 * The command that the user may not run. Redis 7.0 names only the line of the script, later ones the command itself.
 * @returns undefined when the reply says something else, or the line does not tell
 */
export function refusedCommand(reply: string, source: string): string | undefined {
  const line = REFUSED_AT.exec(reply)?.[1];
  if (line === undefined) return undefined;
  const text = source.split('\n')[Number(line) - 1] ?? '';
  const names = [...text.matchAll(COMMAND)].map(([, name]) => name);
  return names.length > 0 ? names.join(' or ') : undefined;
}
