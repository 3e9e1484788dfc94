// @ts-check
// make compose-test: docker-compose.yml for real. Builds the images, starts everything under a project name of its own,
// sends orders, kills one replica, pauses one past the TTL of its locks, cuts Redis off with a torn file, scales
// to five, and counts effects: in the stock, and in `docker compose logs`. Ends with PROVED (exit code 0), FAILED (1) or,
// where no Docker engine answers, SKIPPED (0); leaves no container and no volume. COMPOSE_TEST_KEEP=true: leaves them.
// make compose-test-sentinel, the same with the argument `sentinel`: the profile sentinel, whose primary is killed.
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { lastLine } from '../demo/judge.mjs';
import { Progress } from '../demo/progress.mjs';
import { docker, dockerAnswers, imageIsHere } from '../local/docker.mjs';
import { freePort, portIsTaken } from '../local/free-port.mjs';
import { isRunning } from '../local/living-process.mjs';
import { CLONE, ROOT, stateDirectory } from '../local/state-directory.mjs';
import { HANDLER_DELAY_MS, LOCK_TTL_MS, runCampaign } from './campaign.mjs';
import { ComposeProject } from './compose-project.mjs';
import { runSentinelCampaign, SENTINEL_SETTINGS } from './sentinel-campaign.mjs';

const BASE_IMAGES = ['node:24-trixie-slim', 'redis:8'];
const PREFIX = `onlyonce-test-${CLONE}-`;
const SCRIPT = 'compose-test/main.mjs';
/** Replicas, and some more for ports that are taken in the meantime. */
const INVENTORY_PORTS = 12;
const LINES_OF_A_FAILURE = 20;
const sentinel = process.argv[2] === 'sentinel';

const progress = new Progress();
const say = (/** @type {string} */ text) => progress.say(text);

const reason = await reasonToSkip();
if (reason !== undefined) {
  console.log(`SKIPPED: ${reason}`);
  process.exit(0);
}
await endAbandoned();
const project = new ComposeProject(`${PREFIX}${process.pid}`, {
  ONLYONCE_TAG: 'test',
  ORDER_PORT: String(await freePort()),
  INVENTORY_PORTS: await freeRange(INVENTORY_PORTS),
  LOG_LEVEL: 'info',
  ...(sentinel
    ? SENTINEL_SETTINGS
    : { LOCK_TTL_MS: String(LOCK_TTL_MS), HANDLER_DELAY_MS: String(HANDLER_DELAY_MS) }),
});

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(signal, () => {
    progress.lastWord('Interrupted: everything is being removed.');
    void project.down().finally(() => process.exit(code));
  });
}

try {
  const began = performance.now();
  await project.build();
  say(
    `Images: ${(await sizes()).join(', ')}; built in ${((performance.now() - began) / 1_000).toFixed(0)} s.`,
  );
  const { verdict, orders, notes, faults } = await (sentinel ? runSentinelCampaign : runCampaign)(
    project,
    say,
  );
  console.log(['', ...notes.map((note) => `  ${note}`), ''].join('\n'));
  if (faults.length > 0) say(`All logs are in ${await keptLogs()}`);
  const line = lastLine(orders, { ...verdict, faults });
  console.log(styleText(faults.length === 0 ? ['green', 'bold'] : ['red', 'bold'], await cleared(line)));
  process.exitCode = faults.length === 0 ? 0 : 1;
} catch (error) {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  if (lines.length > 1) console.log(lines.slice(-LINES_OF_A_FAILURE).join('\n'));
  say(`All logs are in ${await keptLogs()}`);
  console.log(styleText(['red', 'bold'], await cleared(`FAILED: ${lines.at(-1)}`)));
  process.exitCode = 1;
}

/**
 * Removes everything first, so that the line is the last one.
 * @param {string} line
 */
async function cleared(line) {
  if (process.env['COMPOSE_TEST_KEEP'] === 'true') {
    say(`Left as it is: docker compose --project-name ${project.name} ps`);
    return line;
  }
  await project.down().catch((error) => {
    process.exitCode = 1;
    console.log(`docker compose --project-name ${project.name} down failed: ${error}`);
  });
  return line;
}

/** @returns {Promise<string>} where the containers and what they had to say are kept, for those who look for the cause */
async function keptLogs() {
  const file = join(stateDirectory('compose-test'), 'logs.txt');
  const containers = await project.docker(['ps', '--all', '--filter', `name=${project.name}`]).catch(String);
  writeFileSync(file, `${containers}\n${await project.logText().catch(String)}\n`);
  return relative(ROOT, file);
}

/** @returns {Promise<string | undefined>} */
async function reasonToSkip() {
  if (!(await dockerAnswers())) return 'no Docker engine answers';
  const compose = await docker(['compose', 'version', '--short']).catch(() => undefined);
  if (compose === undefined) return 'Docker has no compose plugin';
  for (const image of BASE_IMAGES)
    if (!(await imageIsHere(image))) return `Docker cannot get the image ${image}`;
  return undefined;
}

async function sizes() {
  const images = ['order', 'inventory'].map((service) => `onlyonce/${service}:test`);
  const format = '{{index .RepoTags 0}} {{.Size}}';
  const lines = (await project.docker(['image', 'inspect', '--format', format, ...images])).split('\n');
  return lines.map(
    (line, index) => `${images[index]} ${(Number(line.split(' ').at(-1)) / 1e6).toFixed(0)} MB`,
  );
}

/** Ends what a test left running that was killed itself. */
async function endAbandoned() {
  const projects = JSON.parse(await docker(['compose', 'ls', '--all', '--format', 'json']));
  for (const { Name: name } of projects) {
    if (!name.startsWith(PREFIX) || isRunning(Number(name.slice(PREFIX.length)), SCRIPT)) continue;
    await new ComposeProject(name, {}).down();
  }
}

/**
 * @param {number} length
 * @returns {Promise<string>} first and last of that many ports in a row that nobody listens on
 */
async function freeRange(length) {
  for (;;) {
    const first = await freePort();
    const ports = Array.from({ length }, (_, index) => first + index);
    const taken = await Promise.all(ports.map(portIsTaken));
    if (!taken.includes(true)) return `${first}-${first + length - 1}`;
  }
}
