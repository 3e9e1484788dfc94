// What the commands say when a program or a cluster is missing: one line, exit code 2, and nothing done.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { helms } from '../../helm/test/support/helm.mjs';
import { kubectl } from '../../k8s/test/support/kubectl.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
/** Of its own: what was installed from this checkout for real is left alone. */
const NAMESPACE = 'nobody-installs-here';
const COMMANDS = ['up', 'demo', 'down'];

let home;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'onlyonce-k8s-'));
});
afterAll(() => rmSync(home, { recursive: true }));

/** Where a program is: on PATH, or where the tests have it from. */
function found(program) {
  const own = { kubectl, helm: helms[0]?.path }[program];
  if (own?.includes('/')) return own;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

let runsMade = 0;
/** Runs a command with these programs on its PATH and nothing else. */
async function run(command, { programs, scripts = {}, kubeconfig = '', env = {} }) {
  runsMade += 1;
  const bin = join(home, `bin-${runsMade}`);
  mkdirSync(bin);
  for (const program of programs) symlinkSync(found(program), join(bin, program));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  writeFileSync(join(bin, 'kubeconfig'), kubeconfig);
  const child = { PATH: bin, HOME: home, KUBECONFIG: join(bin, 'kubeconfig'), NAMESPACE, ...env };
  return new Promise((done) => {
    const args = [join(ROOT, 'scripts/k8s', `${command}.mjs`)];
    execFile(process.execPath, args, { env: child, encoding: 'utf8' }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, lines: stderr.trim().split('\n') }),
    ).stdin.end();
  });
}

const contextOf = (server) => `apiVersion: v1
kind: Config
current-context: far
contexts: [{ name: far, context: { cluster: far, user: me } }]
clusters: [{ name: far, cluster: { server: '${server}' } }]
users: [{ name: me, user: {} }]
`;

const TOOLS = ['kubectl', 'helm'];
const withTools = kubectl !== undefined && helms.length > 0 ? describe : describe.skip;

describe('without a program', () => {
  it.each(COMMANDS)('k8s-%s names kubectl', async (command) => {
    const { code, lines } = await run(command, { programs: [] });
    expect({ code, lines: lines.length }).toEqual({ code: 2, lines: 1 });
    expect(lines[0]).toMatch(new RegExp(`^k8s-${command}: not on PATH: kubectl \\(https://`));
  });

  it('names all that are missing at once', async () => {
    const { lines } = await run('up', { programs: [] });
    expect(lines[0]).toMatch(/kubectl \(\S+\) and helm \(\S+\)$/);
  });
});

withTools('without a program, or a cluster', () => {
  it('k8s-up names helm', async () => {
    const { code, lines } = await run('up', { programs: ['kubectl'] });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/^k8s-up: not on PATH: helm \(\S+\)$/)],
    });
  });

  it('k8s-up names docker', async () => {
    const { code, lines } = await run('up', { programs: TOOLS });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/^k8s-up: not on PATH: docker \(\S+\)$/)],
    });
  });

  it.each([
    ['up', { LOAD: 'none' }],
    ['demo', {}],
    ['down', {}],
  ])('k8s-%s says that there is no cluster', async (command, env) => {
    const { code, lines } = await run(command, { programs: TOOLS, env });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/no cluster: kubectl has no current context, and kind is not on PATH/)],
    });
  });

  it.each(COMMANDS)('k8s-%s says that the cluster does not answer', async (command) => {
    const port = await closedPort();
    const { code, lines } = await run(command, {
      programs: TOOLS,
      env: { LOAD: 'none', CONFIRM: 'yes' },
      kubeconfig: contextOf(`http://127.0.0.1:${port}`),
    });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/the cluster of context far does not answer: .*refused/)],
    });
  });

  it('a context that kubectl does not know is refused, with those it knows', async () => {
    const { code, lines } = await run('up', {
      programs: TOOLS,
      env: { LOAD: 'none', KUBE_CONTEXT: 'near' },
      kubeconfig: contextOf('http://127.0.0.1:1'),
    });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: ['k8s-up: kubectl knows no context near, but far'],
    });
  });
});

withTools('on a cluster that answers', () => {
  let server;
  let kubeconfig;
  const asked = [];
  beforeAll(async () => {
    // All that may be asked before somebody agrees.
    server = createServer((request, response) => {
      asked.push(request.url);
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    kubeconfig = contextOf(`http://127.0.0.1:${server.address().port}`);
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  it.each(COMMANDS)(
    'k8s-%s does nothing before somebody agrees, and nobody can without a terminal',
    async (command) => {
      asked.length = 0;
      const { code, lines } = await run(command, { programs: TOOLS, env: { LOAD: 'none' }, kubeconfig });
      expect({ code, lines }).toEqual({
        code: 2,
        lines: [
          expect.stringMatching(
            /context far, release onlyonce in namespace nobody-installs-here\? Say so with CONFIRM=yes$/,
          ),
        ],
      });
      // kubectl may ask for the version by itself, to warn of one too far from its own: if it gets round to it.
      const reads = ['/readyz', '/version'];
      expect(asked.filter((url) => !reads.some((read) => url.startsWith(read)))).toEqual([]);
    },
  );

  it('k8s-up asks how the nodes get the images, before it builds any', async () => {
    const { code, lines, stdout } = await run('up', {
      programs: TOOLS,
      scripts: { docker: 'exit 0' },
      env: { CONFIRM: 'yes' },
      kubeconfig,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(lines).toEqual([
      expect.stringMatching(/^k8s-up: how do the nodes of far get the images\? .*LOAD=none/),
    ]);
  });

  it('k8s-up says that the engine of docker does not answer', async () => {
    const { code, lines } = await run('up', {
      programs: TOOLS,
      scripts: { docker: '[ "$1" = --version ]' },
      env: { CONFIRM: 'yes', LOAD_COMMAND: 'cat' },
      kubeconfig,
    });
    expect({ code, lines }).toEqual({
      code: 2,
      lines: ['k8s-up: docker is here, but its engine does not answer'],
    });
  });
});

async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
