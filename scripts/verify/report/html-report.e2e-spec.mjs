/* global document, window, getComputedStyle -- what page.evaluate gets runs in the page */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { chromiumOf } from '../testing/browser.mjs';
import { judged } from '../testing/judged.mjs';
import { LogBook } from '../testing/log-book.mjs';
import { htmlReport } from './html-report.mjs';

const executablePath = chromiumOf(process.env);
if (!executablePath)
  console.warn('The report is not looked at: there is no Chromium on PATH, and none in CHROME_PATH.');
const inBrowser = executablePath ? describe : describe.skip;

/** @returns {LogBook} 60 orders over 12 s, some rejected, one taken over */
function aDay() {
  const book = new LogBook();
  for (let index = 0; index < 60; index += 1) {
    const outcome = index % 10 === 3 ? 'rejected' : 'processed';
    book.later(200).healthy(`ok-${index}`, { winner: `inventory-${1 + (index % 3)}`, outcome });
  }
  book.accepted('taken');
  book.won('inventory-2', 'taken');
  const claim = book.later(900).takesOver('inventory-1', 'taken', { from: 'inventory-2', attempt: 2 });
  book.processed('inventory-1', 'taken', claim);
  return book;
}

const FAULTS = [
  { at: '2026-11-21T02:34:03.000Z', kind: 'SIGKILL', target: 'inventory-2' },
  { at: '2026-11-21T02:34:03.100Z', kind: 'SIGSTOP', target: 'inventory-3', durationMs: 1_500 },
  {
    at: '2026-11-21T02:34:12.900Z',
    kind: 'redis-restart with a long name of what was done to it',
    target: 'redis',
  },
];

async function reportOn(book) {
  const faults = FAULTS.map((fault) => JSON.stringify(fault)).join('\n');
  const { certificate, verdict } = await judged(book.files, { write: { faults } });
  return htmlReport(certificate, verdict);
}

inBrowser('the report in a browser', () => {
  let browser;
  let folder;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'onlyonce-report-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens it, and keeps what it asks for and complains of. */
  async function open(html, { width = 1_000, colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const requests = [];
    const complaints = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
    return { page, requests: requests.filter((url) => !/^(file|data):/.test(url)), complaints };
  }

  /** Texts of charts that lie over each other, and those that lie outside of their chart. */
  const collisions = (page) =>
    page.evaluate(() => {
      const found = [];
      for (const svg of document.querySelectorAll('svg')) {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent !== '');
        const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
        boxes.forEach(({ text, box }, index) => {
          if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
            found.push(`${text} is cut off`);
          for (const other of boxes.slice(index + 1)) {
            const apart =
              box.right <= other.box.left + 0.5 ||
              other.box.right <= box.left + 0.5 ||
              box.bottom <= other.box.top + 3 ||
              other.box.bottom <= box.top + 3;
            if (!apart) found.push(`${text} and ${other.text}`);
          }
        });
      }
      return found;
    });

  test('asks nobody for anything, complains of nothing, and every plot has marks in view', async () => {
    const { page, requests, complaints } = await open(await reportOn(aDay()));
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    expect(await page.locator('h1').textContent()).toMatch(/^Proved/);
    const marks = await page.evaluate(() =>
      [...document.querySelectorAll('svg')].map((svg) => {
        const frame = svg.getBoundingClientRect();
        const inView = [...svg.querySelectorAll('circle, rect, polyline')].filter((mark) => {
          const box = mark.getBoundingClientRect();
          return (
            box.right > frame.left &&
            box.left < frame.right &&
            box.bottom > frame.top &&
            box.top < frame.bottom
          );
        });
        return { title: svg.closest('.scroll').previousElementSibling.textContent, marks: inView.length };
      }),
    );
    expect(marks).toHaveLength(5);
    for (const { marks: count } of marks) expect(count).toBeGreaterThan(1);
  });

  test.each([
    [1_200, 'light'],
    [1_200, 'dark'],
    [380, 'light'],
    [380, 'dark'],
  ])(
    '%i pixels wide and %s: nothing covers anything, the page does not scroll sideways, text stands out',
    async (width, colorScheme) => {
      const { page } = await open(await reportOn(aDay()), { width, colorScheme });
      expect(await collisions(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const contrast = await page.evaluate(() => {
        const luminance = (colour) => {
          const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
            const value = Number(part) / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = luminance(getComputedStyle(document.body).backgroundColor);
        const ratio = (colour) => {
          const [light, dark] = [luminance(colour), ground].sort((one, other) => other - one);
          return (light + 0.05) / (dark + 0.05);
        };
        const texts = ['body', 'h1', 'p.quiet', 'th', 'svg text'].map((selector) =>
          document.querySelector(selector),
        );
        return texts.map((element) => {
          const style = getComputedStyle(element);
          return ratio(element.tagName === 'text' ? style.fill : style.color);
        });
      });
      // What WCAG asks of small text.
      for (const ratio of contrast) expect(ratio).toBeGreaterThan(4.5);
    },
  );

  test('names what failed, with the lines that show it, whatever the ids hold', async () => {
    const book = aDay();
    const nasty = '<img src=x onerror=alert(1)>';
    const claim = book.healthy(nasty);
    book.later(5).processed('inventory-1', nasty, claim);
    book.accepted('gone');
    const { page, complaints, requests } = await open(await reportOn(book));
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    expect(await page.locator('h1').textContent()).toMatch(/^Not proved/);
    const summaries = await page.locator('summary').allTextContents();
    expect(summaries.filter((text) => text.includes(nasty) || text.includes('gone'))).toHaveLength(2);
    await page.locator('summary', { hasText: nasty }).click();
    const lines = await page.locator('details[open] pre').textContent();
    expect(lines.match(/message\.processed/g)?.length).toBeGreaterThanOrEqual(2);
    expect(await page.locator('img').count()).toBe(0);
  });
});
