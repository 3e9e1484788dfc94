// @ts-check
import { NOTES, PEER_NAMES, TITLES } from '../peers/names.mjs';
import { escaped } from './escape.mjs';
import { factLines } from './markdown.mjs';
import { plotsOf } from './plots.mjs';
import { tablesOf } from './tables.mjs';

/** @typedef {import('./tables.mjs').Table} Table */

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --paper: #ffffff; --faint: #5c6675; --rule: #d9dee6; --good: #11734b; --bad: #b3261e;
  --race: #0b66c3; --pull: #12908e; --raw: #6b7686; --bullmq: #c2540a; --usual: #b3261e; --nest: #8a4fbf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --paper: #14181f; --faint: #9aa5b5; --rule: #323a46; --good: #4cc38a; --bad: #ff7b72;
  --race: #58a6ff; --pull: #3cc7c0; --raw: #97a3b4; --bullmq: #f0883e; --usual: #ff7b72; --nest: #c297f0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
p, li { color: var(--faint); } .facts { padding-left: 1.2rem; font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th { font-weight: 600; color: var(--faint); } th:first-child, td:first-child { text-align: left; padding-left: 0; }
.reached { color: var(--good); font-weight: 600; } .missed { color: var(--bad); font-weight: 600; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; } svg text { fill: var(--faint); } svg .value { font-size: 10px; }
.grid { stroke: var(--rule); } .whisker { stroke: var(--ink); stroke-width: 1.2; } .line { fill: none; stroke-width: 2; }
.legend span { margin-right: 1.2rem; white-space: nowrap; } .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
${PEER_NAMES.map((peer) => `.fill.${peer} { fill: var(--${peer}); } .line.${peer} { stroke: var(--${peer}); } i.${peer} { background: var(--${peer}); }`).join('\n')}
`;

/**
 * One file that needs nothing else: no script, no request.
 * @param {import('../figures/results.mjs').Results} results
 */
export function htmlReport(results) {
  const [targets, ...tables] = tablesOf(results);
  const peers = PEER_NAMES.filter((peer) => results.settings.peers.includes(peer));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Onlyonce: benchmark of ${escaped(results.beganAt.slice(0, 10))}</title><style>${STYLE}</style></head><body>
<h1>Onlyonce: benchmark of ${escaped(results.beganAt.slice(0, 10))}</h1>
<ul class="facts">${[...factLines(results), ...results.failures.map((failure) => `Not measured: ${failure}`)]
    .map((line) => `<li>${escaped(line)}</li>`)
    .join('')}</ul>
${targets ? section(targets) : ''}
${plotsOf(results)
  .map(({ title, note, svg }) => `<h2>${escaped(title)}</h2>${note ? `<p>${escaped(note)}</p>` : ''}${svg}`)
  .join('\n')}
${tables.map(section).join('\n')}
<h2>Who is who</h2><ul>${peers.map((peer) => `<li><b>${escaped(TITLES[peer])}</b>: ${escaped(NOTES[peer])}.</li>`).join('')}</ul>
</body></html>
`;
}

/** @param {Table} table */
function section({ title, note, head, rows }) {
  const cells = (/** @type {string} */ tag, /** @type {readonly string[]} */ row) =>
    row
      .map(
        (cell) =>
          `<${tag}${cell === 'reached' || cell === 'missed' ? ` class="${cell}"` : ''}>${escaped(cell)}</${tag}>`,
      )
      .join('');
  return `<h2>${escaped(title)}</h2>${note ? `<p>${escaped(note)}</p>` : ''}<div class="scroll"><table><thead><tr>${cells('th', head)}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n')}</tbody></table></div>`;
}
