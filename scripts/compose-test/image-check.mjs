// @ts-check

/** Development only, or for people at a build machine. */
const UNWANTED = [
  'jest',
  '@jest/globals',
  '@swc/core',
  'typescript',
  'eslint',
  'prettier',
  'testcontainers',
  'fast-check',
  '@types/node',
  '@onlyonce/testing',
  '@onlyonce/order',
  '@onlyonce/inventory',
];

/** Native parts of dd-trace: those of other platforms are left out of the image, those of this one must load. */
const NATIVE = [
  '@datadog/native-metrics',
  '@datadog/pprof',
  '@datadog/native-appsec',
  '@datadog/native-iast-taint-tracking',
  '@datadog/libdatadog',
];

/** Runs inside the container; prints what it found as JSON. */
const LOOK = `
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const refused = (path) => { try { writeFileSync(path, ''); return false; } catch { return true; } };
const loads = (name) => { try { require('/app/node_modules/' + name); return true; } catch { return false; } };
const status = readFileSync('/proc/1/status', 'utf8');
const field = (name) => status.match(new RegExp('^' + name + ':\\\\s*(\\\\S+)', 'm'))[1];
const files = (directory) => readdirSync(directory, { recursive: true }).map(String);
console.log(JSON.stringify({
  uid: process.getuid(),
  capabilities: [field('CapEff'), field('CapBnd')],
  noNewPrivileges: field('NoNewPrivs'),
  readOnly: refused('/app/x') && refused('/x') && refused('/app/node_modules/x'),
  unwanted: ${JSON.stringify(UNWANTED)}.filter((name) => existsSync('/app/node_modules/' + name)),
  packageManagers: ['npm', 'npx', 'yarn', 'corepack'].filter((name) => existsSync('/usr/local/bin/' + name)),
  tracer: existsSync('/app/node_modules/dd-trace/register.js'),
  broken: ${JSON.stringify(NATIVE)}.filter((name) => !loads(name)),
  scripts: files('/app/packages/redis/lua').filter((name) => name.endsWith('.lua')).length,
  sources: ['/app/packages', '/app/order', '/app/inventory'].filter(existsSync)
    .flatMap(files).filter((name) => /\\.(ts|map|tsbuildinfo)$|\\.(spec|test)\\./.test(name)),
}));`;

/**
 * What should not be as it is in a running container of one of our images.
 * @param {import('./compose-project.mjs').ComposeProject} project
 * @param {'order' | 'inventory'} service
 * @returns {Promise<string[]>}
 */
export async function imageFaults(project, service) {
  const found = JSON.parse(await project.node(service, LOOK));
  const { Config: config } = JSON.parse(
    await project.docker(['inspect', '--format', '{{json .}}', (await project.container(service)).name]),
  );
  const labels = config.Labels;
  /** @type {[boolean, string][]} */
  const checks = [
    [found.uid === 1_000 && config.User === '1000:1000', `runs as ${found.uid}, user "${config.User}"`],
    [/^0+,0+$/.test(String(found.capabilities)), `has capabilities ${found.capabilities}`],
    [found.noNewPrivileges === '1', 'may gain privileges'],
    [found.readOnly, 'may write to its root file system'],
    [found.unwanted.length === 0, `contains ${found.unwanted}`],
    [found.packageManagers.length === 0, `contains ${found.packageManagers}`],
    [found.tracer, 'lacks dd-trace'],
    [found.broken.length === 0, `cannot load ${found.broken}`],
    [found.scripts > 10, `has ${found.scripts} Lua scripts`],
    [found.sources.length === 0, `contains sources: ${found.sources.slice(0, 3)}`],
    [config.Healthcheck?.Test?.[0] === 'CMD', 'has no health check, or one that needs a shell'],
    [labels['org.opencontainers.image.title'] === `onlyonce/${service}`, 'has no OCI title'],
    [labels['org.opencontainers.image.licenses'] === 'MIT', 'has no OCI licence'],
  ];
  return checks.filter(([right]) => !right).map(([, fault]) => `image ${service}: ${fault}`);
}
