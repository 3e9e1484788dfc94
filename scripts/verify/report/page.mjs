// @ts-check
import { escaped } from './escape.mjs';

/** Colours by what they mean; light and dark. Charts name them as `var(--...)`. */
const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--text:#1c1917;--quiet:#6b6560;--line:#d9d5d0;--shade:#f5f4f2;
--good:#15803d;--bad:#c81e1e;--warn:#b45309;--plain:#7a746e;--blue:#2f6fcb;--violet:#7c3aed;--fault:#e0533d}
@media(prefers-color-scheme:dark){:root{--ground:#191817;--text:#ebe8e5;--quiet:#a39d97;--line:#3b3835;--shade:#242220;
--good:#4ade80;--bad:#f87171;--warn:#fbbf24;--plain:#a8a29e;--blue:#7fb0f5;--violet:#b794f6;--fault:#f0806c}}
body{font:14px/1.45 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;background:var(--ground);color:var(--text)}
h1{font-size:1.4em}h2{font-size:1.1em;margin:2em 0 .4em}p{margin:.4em 0}
.good{color:var(--good)}.bad{color:var(--bad)}.quiet{color:var(--quiet)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:.2em .8em .2em 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th{color:var(--quiet);font-weight:600;vertical-align:bottom}td:first-child,th:first-child,.text{text-align:left}
.long{white-space:normal;overflow-wrap:anywhere;min-width:14em}
details{border-bottom:1px solid var(--line);padding:.25em 0}summary{cursor:pointer;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:11px;background:var(--shade);padding:.6em;margin:.4em 0;max-height:30em;overflow-y:auto}
.legend{display:flex;flex-wrap:wrap;gap:.1em 1.2em}.legend span::before{content:"";display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.4em;background:var(--mark);vertical-align:-.05em}
svg{display:block;width:100%;min-width:640px;height:auto}svg text{font:11px system-ui,sans-serif;fill:var(--text)}
svg .axis{fill:var(--quiet)}svg .halo{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
.grid{stroke:var(--line);stroke-width:1}.fault{fill:var(--fault);opacity:.2}.takeover{fill:var(--violet);opacity:.75}
.mark{stroke:var(--bad);stroke-dasharray:3 3}`;

/** A text longer than that is broken over lines. */
const LONG = 40;

/**
 * A page in one file that needs nothing else: no script, no font, no picture from elsewhere.
 * @param {string} title
 * @param {readonly string[]} sections
 */
export function page(title, sections) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
${sections.join('\n')}
</body></html>
`;
}

/**
 * @param {string} title
 * @param {string} content
 */
export const section = (title, content) => `<h2>${escaped(title)}</h2>${content}`;

/**
 * A chart in a section of its own; where it is wider than the window, it alone scrolls.
 * @param {string} title
 * @param {string} chart
 * @param {readonly { label: string, colour: string }[]} [names]
 */
export function plot(title, chart, names = []) {
  const legend = names.map(({ label, colour }) => `<span style="--mark:${colour}">${escaped(label)}</span>`);
  const above = legend.length > 0 ? `<p class="legend">${legend.join('')}</p>` : '';
  return section(title, `${above}<div class="scroll">${chart}</div>`);
}

/**
 * @param {readonly Record<string, unknown>[]} list rows of the same fields, which are the heads of the columns
 */
export function rows(list) {
  const [first] = list;
  if (!first) return '<p class="quiet">None.</p>';
  // Fields that only some rows have stand in every row, or the columns would shift.
  const names = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const cell = (/** @type {unknown} */ value) =>
    `<td${typeof value === 'string' ? ` class="text${value.length > LONG ? ' long' : ''}"` : ''}>${escaped(typeof value === 'number' ? value.toLocaleString('en') : (value ?? ''))}</td>`;
  const body = list.map((row) => `<tr>${names.map((name) => cell(row[name])).join('')}</tr>`);
  const head = names.map((name) => {
    const isText = list.some((row) => typeof row[name] === 'string');
    return `<th${isText ? ' class="text"' : ''}>${escaped(words(name))}</th>`;
  });
  return `<div class="scroll"><table><tr>${head.join('')}</tr>${body.join('')}</table></div>`;
}

/** @param {string} name of a field, such as `lastAt` */
const words = (name) =>
  name.replaceAll(/([a-z])([A-Z])/g, (_, end, begin) => `${end} ${begin.toLowerCase()}`);
