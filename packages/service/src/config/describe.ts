import type { Settings } from './read-config.js';

/** The settings as rows of a Markdown table: name, default, unit, meaning. */
export function settingsTable(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, { fallback, shownDefault, unit, meaning }]) => {
    const shown = shownDefault ?? (fallback === undefined ? 'not set' : `\`${fallback}\``);
    return `| \`${name}\` | ${shown} | ${unit ?? ''} | ${meaning} |`;
  });
  return ['| variable | default | unit | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
