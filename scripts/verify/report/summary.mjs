// @ts-check
import { styleText } from 'node:util';
import { KINDS, KIND_NAMES } from '../reconcile/kinds.mjs';
import { printable } from './printable.mjs';

const VIOLATIONS_SHOWN = 10;
const LINES_SHOWN = 8;
const LINE_WIDTH = 400;
const NAME_WIDTH = 80;

/**
 * What a person reads in ten seconds.
 * @param {import('./certificate.mjs').Certificate} certificate
 * @returns {string}
 */
export function summaryOf(certificate) {
  const { groups, violations, notJudged } = certificate;
  const parts = [
    groupTable(groups),
    '',
    ...facts(certificate),
    ...(notJudged.length > 0
      ? ['', ...notJudged.map((what) => styleText('yellow', `  not judged: ${printable(what, LINE_WIDTH)}`))]
      : []),
    '',
    ...(violations.total > 0 ? [...violationTable(violations.counts), ...shown(violations.told), ''] : []),
    lastLine(certificate),
  ];
  return parts.join('\n');
}

/** @param {import('./certificate.mjs').Certificate['groups']} groups */
function groupTable(groups) {
  const head = [
    'channel, group',
    'accepted',
    'effects',
    'rejected',
    'dead',
    'proved',
    'open',
    'takeovers',
    'refused',
  ];
  const rows = groups.map((group) => [
    printable(`${group.channel}, ${group.group}`, NAME_WIDTH),
    group.accepted > 0 ? n(group.accepted) : '-',
    n(group.processed),
    n(group.rejected),
    n(group.dead),
    n(group.provedByResults),
    n(group.underWay),
    n(group.takeovers),
    n(group.refused),
  ]);
  return table(head, rows);
}

/**
 * @param {import('./certificate.mjs').Certificate} certificate
 * @returns {string[]}
 */
function facts({ lines, pods, waits, store, stock, sources, listedOrders, range }) {
  const proved = Object.values(store.effectsProved).reduce((sum, count) => sum + count, 0);
  const unread = sources.filter(({ fault }) => fault !== undefined);
  return [
    `  lines     ${n(lines.read)} of ${n(sources.length)} sources and ${n(pods.length)} pods; ${n(lines.broken)} broken, ` +
      `${n(lines.foreign)} foreign, ${n(lines.repeated)} delivered twice`,
    `  time      ${range.from ?? '-'} to ${range.to ?? '-'}`,
    `  waiting   p50 ${ms(waits.p50Ms)}, p90 ${ms(waits.p90Ms)}, p99 ${ms(waits.p99Ms)}, p99.9 ${ms(waits.p999Ms)}, ` +
      `longest ${ms(waits.longestMs)}, of ${n(waits.count)}`,
    ...(waits.clocksDifferByMs > 0
      ? [
          // A busy pod writes its line later than it did what the line says.
          `  clocks    differ, or lines were written late, by ${ms(waits.clocksDifferByMs)} at least`,
        ]
      : []),
    ...(store.asked > 0
      ? [
          `  store     asked ${n(store.asked)} times: ${n(store.agreed)} agree, ${n(proved)} effects without a line proved`,
        ]
      : []),
    ...(stock ? [`  stock     ${n(stock.right)} of ${n(stock.items)} items are start - effects`] : []),
    ...unread.map(({ name, fault }) =>
      styleText('yellow', printable(`  unread    the rest of ${name}: ${fault}`, LINE_WIDTH)),
    ),
    ...(listedOrders.unreadable > 0
      ? [styleText('yellow', `  unread    ${n(listedOrders.unreadable)} lines of --accepted`)]
      : []),
  ];
}

/** @param {Record<string, number>} counts */
function violationTable(counts) {
  const rows = KIND_NAMES.filter((kind) => counts[kind]).map((kind) => [
    kind,
    n(counts[kind] ?? 0),
    KINDS[kind],
  ]);
  return [table(['violation', 'count', 'meaning'], rows)];
}

/** @param {import('./certificate.mjs').Certificate['violations']['told']} told */
function shown(told) {
  const lines = told
    .slice(0, VIOLATIONS_SHOWN)
    .flatMap(({ kind, id, group, detail, lines: evidence }) => [
      '',
      styleText(
        'red',
        printable(`  ${kind} ${id ?? ''}${group === null ? '' : ` (${group})`}: ${detail}`, LINE_WIDTH),
      ),
      ...evidence.slice(0, LINES_SHOWN).map((line) => `    ${printable(line, LINE_WIDTH)}`),
      ...(evidence.length > LINES_SHOWN ? [`    ... ${evidence.length - LINES_SHOWN} more lines`] : []),
    ]);
  const more = told.length - VIOLATIONS_SHOWN;
  return more > 0 ? [...lines, '', `  ... and ${n(more)} more, in certificate.json`] : lines;
}

/** @param {import('./certificate.mjs').Certificate} certificate */
function lastLine({ verdict, groups, violations, store }) {
  const total = (
    /** @type {(group: import('./certificate.mjs').Certificate['groups'][number]) => number} */ of,
  ) => groups.reduce((sum, group) => sum + of(group), 0);
  if (verdict === 'proved') {
    const settled = total(({ processed, rejected }) => processed + rejected);
    const proved = total(({ provedByResults }) => provedByResults);
    const byStore = Object.values(store.effectsProved).reduce((sum, count) => sum + count, 0);
    const more =
      (proved > 0 ? `, ${n(proved)} more proved by what followed` : '') +
      (byStore > 0 ? `, ${n(byStore)} more proved by the store` : '');
    return styleText(
      ['green', 'bold'],
      `PROVED: ${n(settled)} settled once per group${more}, 0 lost, 0 duplicated`,
    );
  }
  const parts = KIND_NAMES.filter((kind) => violations.counts[kind]).map(
    (kind) => `${n(violations.counts[kind] ?? 0)} ${kind}`,
  );
  return styleText(['red', 'bold'], `NOT PROVED: ${parts.join(', ')}`);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows the first column stands to the left, as does one of words
 */
function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const left = head.map(
    (_, column) => column === 0 || rows.some((row) => /[a-z]{3}/.test(row[column] ?? '')),
  );
  const line = (/** @type {readonly string[]} */ row) =>
    `│ ${row.map((cell, column) => (left[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' │ ')} │`;
  const rule = (/** @type {string} */ open, /** @type {string} */ cross, /** @type {string} */ close) =>
    open + widths.map((width) => '─'.repeat(width + 2)).join(cross) + close;
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...rows.map(line), rule('└', '┴', '┘')].join(
    '\n',
  );
}

/** @param {number} value */
const n = (value) => value.toLocaleString('en');

/** @param {number} value */
const ms = (value) => (value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(2)} s`);
