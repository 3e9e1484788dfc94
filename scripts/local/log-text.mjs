// @ts-check
import { stripVTControlCharacters, styleText } from 'node:util';

/** @typedef {Parameters<typeof styleText>[0]} Style */

/** @type {readonly Style[]} */
const POD_STYLES = ['cyan', 'magenta', 'yellow', 'blue', 'green'];

/** @type {Readonly<Record<string, Style>>} */
const EVENT_STYLES = {
  'lock.won': 'green',
  'lock.lost': 'dim',
  'message.processed': ['green', 'bold'],
  'message.rejected': 'yellow',
  'message.duplicate': 'yellow',
  'message.retry': 'yellow',
  'message.dead': ['red', 'bold'],
  'message.recovered': 'magenta',
};

/** Shown in front, or told by the rest. */
const SHOWN_ELSEWHERE = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'pod',
  'event',
  'msg',
  'service',
  'env',
  'version',
]);

/**
 * One line of a log, for people.
 * @param {string} pod
 * @param {import('./log-file.mjs').LogLine | string} line
 */
export function logText(pod, line) {
  const name = styleText(POD_STYLES[sum(pod) % POD_STYLES.length] ?? 'cyan', pod.padEnd(12));
  if (typeof line === 'string') return `             ${name} ${stripVTControlCharacters(line)}`;
  const time = new Date(millisecondsOf(line)).toISOString().slice(11, 23);
  const event = (line.event ?? '').padEnd(18);
  const style = EVENT_STYLES[line.event ?? ''];
  const fields = Object.entries(line)
    .filter(([field, value]) => !SHOWN_ELSEWHERE.has(field) && !field.startsWith('dd') && value !== undefined)
    .map(
      ([field, value]) =>
        `${styleText('dim', `${field}=`)}${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
  // Some events say in `msg` what `event` has said.
  const message = line.msg === undefined || line.msg === line.event ? [] : [line.msg];
  return [styleText('dim', time), name, style ? styleText(style, event) : event, ...message, ...fields].join(
    ' ',
  );
}

/**
 * @param {import('./log-file.mjs').LogLine | string} line
 * @returns {number} since 1970; 0 when it does not say
 */
export function millisecondsOf(line) {
  if (typeof line === 'string' || line.time === undefined) return 0;
  const at = new Date(line.time).getTime();
  return Number.isNaN(at) ? 0 : at;
}

/** @param {string} text */
const sum = (text) => [...text].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
