// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SteppedClock } from './clock/stepped-clock.mjs';
import { BAD_ITEM } from './faults/bad-data.mjs';
import { Echo } from './faults/echo.mjs';
import { FaultLog } from './fault-log.mjs';
import { checkInvariants, deadLetters } from './judge/invariants.mjs';
import { KeyedMutex } from './keyed-mutex.mjs';
import { NetNamespace } from './network/net-namespace.mjs';
import { startStock } from './pod/orders.mjs';
import { ChaosProcess } from './pods/chaos-process.mjs';
import { PodSet } from './pods/pod-set.mjs';
import { ChaosProxy } from './proxy/chaos-proxy.mjs';
import { Random } from './random.mjs';
import { FileSizes } from './redis/file-sizes.mjs';
import { RedisNode } from './redis/redis-node.mjs';
import { ReplicaPair } from './redis/replica-pair.mjs';
import { SentinelSet } from './redis/sentinel-set.mjs';
import { SmallDisk } from './redis/small-disk.mjs';
import { TTL_MS } from './times.mjs';
import { waitFor } from '../local/wait-for.mjs';
import { heldMessages } from './judge/held.mjs';

const PROGRAMS = join(import.meta.dirname, 'pod');
const NAMESPACE = 'shop';
const CHANNEL = 'order_updates';
const GROUP = 'inventory';
const DISK_MEGABYTES = 48;

/** What a phase needs around its pods. @typedef {{
 *   redisArgs?: readonly string[], proxies?: boolean, pair?: boolean, sentinel?: boolean, clock?: boolean, disk?: boolean, sizes?: boolean,
 *   partition?: boolean, lossy?: boolean, losesData?: boolean, waitReplicas?: number, echo?: boolean, scarce?: boolean,
 * }} Surroundings lossy: the load replays everything at the end; losesData: effects may be told twice */

/** All that one phase has running, and its end. */
export class Scene {
  mutex = new KeyedMutex();
  pods = new PodSet();
  /** What went wrong, said when it happened. @type {string[]} */
  wrongs = [];
  /** Processes that a fault brought along. @type {ChaosProcess[]} */
  guests = [];
  /** Entries written into the backlog by hand. */
  strangers = 0;
  farthestMs = 0;
  /** @type {SteppedClock | string | undefined} */
  clock;
  /** @type {SmallDisk | string | undefined} */
  disk;
  /** @type {NetNamespace | string | undefined} */
  namespace;
  /** @type {ReplicaPair | SentinelSet | undefined} */
  pair;
  /** @type {RedisNode | undefined} */
  node;
  /** @type {FileSizes | undefined} */
  sizes;
  /** @type {Echo | undefined} */
  echo;
  /** @type {Map<string, ChaosProxy>} */
  #proxies = new Map();
  /** Where all connections of pods go; its port is changed by a fail-over. */
  target = { host: '127.0.0.1', port: 0 };
  /** @type {Map<string, string>} */
  #digests = new Map();
  /** @type {ChaosProcess | undefined} */
  publisher;
  /** @type {((answer: any) => void)[]} */
  #answers = [];
  #closed = false;

  /**
   * @param {{ directory: string, plan: import('./plan.mjs').PhasePlan, settings: import('./settings.mjs').ChaosSettings,
   *   surroundings: Surroundings, say: (text: string) => void, onProcess: (name: string, pid: number, marker: string) => void }} means
   */
  constructor({ directory, plan, settings, surroundings, say, onProcess }) {
    this.directory = directory;
    this.plan = plan;
    this.settings = settings;
    this.surroundings = surroundings;
    this.say = say;
    this.onProcess = onProcess;
    this.random = new Random(plan.seed).fork('scene');
    mkdirSync(join(directory, 'logs'), { recursive: true });
    this.faults = new FaultLog(join(directory, 'faults.jsonl'), say);
    writeFileSync(join(directory, 'faults.jsonl'), '');
    writeFileSync(join(directory, 'accepted.jsonl'), '');
  }

  /** Where those hear that race, and where those do that pull. */
  get feedChannels() {
    return [this.feedChannel, `${this.feedChannel}:bell`];
  }

  get feedChannel() {
    return `{${NAMESPACE}}:${CHANNEL}`;
  }

  get groupPrefix() {
    return `{${NAMESPACE}}:${CHANNEL}:${GROUP}:`;
  }

  get losesData() {
    return this.surroundings.losesData === true;
  }

  /** The server that is the truth now. */
  get redis() {
    const node = this.pair?.primary ?? this.node;
    if (node === undefined) throw new Error('there is no Redis yet');
    return node;
  }

  /** @param {string} wrong */
  blame(wrong) {
    this.wrongs.push(wrong);
    this.say(`WRONG: ${wrong}`);
  }

  async open() {
    const { surroundings, directory } = this;
    const onStart = (/** @type {RedisNode} */ node) => {
      if (node.pid !== undefined) this.onProcess(`redis-${node.port}`, node.pid, 'redis-server');
    };
    if (surroundings.clock) this.clock = SteppedClock.build(directory);
    if (surroundings.disk) this.disk = SmallDisk.mount(join(directory, 'disk'), DISK_MEGABYTES);
    if (surroundings.sentinel) this.pair = await SentinelSet.start(directory, onStart);
    else if (surroundings.pair) this.pair = await ReplicaPair.start(directory, onStart);
    else {
      this.node = await RedisNode.create({
        directory:
          this.disk instanceof SmallDisk ? join(this.disk.directory, 'redis') : join(directory, 'redis'),
        ...(surroundings.redisArgs ? { args: surroundings.redisArgs } : {}),
        ...(this.clock instanceof SteppedClock ? { env: this.clock.env } : {}),
        onStart,
      });
      await this.node.start();
    }
    this.target.port = this.redis.port;
    if (surroundings.sizes) this.sizes = new FileSizes(this.redis.directory);
    if (surroundings.partition) this.namespace = NetNamespace.open();
    await this.putStock();
    await this.startPods();
    await this.startPublisher();
    if (surroundings.echo) this.echo = new Echo(this.redis.port, this.feedChannel, this.random.fork('echo'));
  }

  async putStock() {
    const { seconds, rate, least } = this.plan;
    const stock = startStock(Math.max(seconds * rate, least), { scarce: this.surroundings.scarce === true });
    writeFileSync(join(this.directory, 'start-stock.json'), JSON.stringify(stock));
    const cells = Object.entries(stock).flatMap(([item, units]) => [item, units]);
    await this.redis.ask('HSET', `{${NAMESPACE}}:stock`, ...cells, BAD_ITEM, 'many');
  }

  /**
   * What others would do before anybody judges: the stock that was no number is one again, and orders that died are
   * FAILED, which the order service would have heard.
   */
  async tidy() {
    await this.redis.ask('HSET', `{${NAMESPACE}}:stock`, BAD_ITEM, 1);
    for (const id of await deadLetters(this.redis, `${this.groupPrefix}dead`))
      await this.redis.ask('HSET', `{${NAMESPACE}}:order:${id}`, 'status', 'FAILED');
  }

  async startPods() {
    for (let nth = 0; nth < this.settings.pods; nth += 1) {
      const name = `pod-${nth + 1}`;
      const inside = nth === 0 && this.namespace instanceof NetNamespace ? this.namespace : undefined;
      const settings = this.podSettings(name, nth, await this.urlFor(name, inside?.hostAddress));
      const program = this.settings.recipe ? 'recipe-consumer.mjs' : 'consumer.mjs';
      const pod = this.process(name, program, settings, inside?.wrapper);
      this.pods.add(pod);
      if (pod.pid !== undefined) this.onProcess(name, pod.pid, program);
    }
    await this.pods.allReady();
  }

  /**
   * @param {string} name
   * @param {number} nth
   * @param {string} redisUrl
   * @returns {import('./pod/settings.mjs').PodSettings}
   */
  podSettings(name, nth, redisUrl) {
    return {
      name,
      redisUrl,
      namespace: NAMESPACE,
      channel: CHANNEL,
      group: GROUP,
      strategy: nth % 2 === 0 ? 'race' : 'pull',
      lockTtlMs: TTL_MS,
      concurrency: 32,
      handlerMs: 6,
      maxAttempts: 6,
      maxTakeovers: 10,
      drainMs: 10_000,
      waitReplicas: this.surroundings.waitReplicas ?? 0,
      tellHeard: this.settings.profile === 'ci',
      alwaysYes: this.settings.alwaysYes,
    };
  }

  /**
   * @param {string} name
   * @param {string} [host] where its proxy listens
   */
  async urlFor(name, host) {
    if (this.pair instanceof SentinelSet) return this.pair.url;
    if (!this.surroundings.proxies) return this.redis.url;
    const { target } = this;
    // A proxy of its own: what is done to one pod must not be done to all.
    const own = { host: target.host, port: target.port };
    const proxy = await ChaosProxy.open({
      target: own,
      digests: this.#digests,
      ...(host === undefined ? {} : { host }),
    });
    this.#proxies.set(name, proxy);
    return proxy.url;
  }

  async startPublisher() {
    const { plan, settings, surroundings, directory } = this;
    const publisher = this.process('publisher', 'publisher.mjs', {
      name: 'publisher',
      redisUrl: await this.urlFor('publisher'),
      namespace: NAMESPACE,
      channel: CHANNEL,
      waitReplicas: surroundings.waitReplicas ?? 0,
      recipe: settings.recipe,
      seed: plan.seed,
      phase: plan.name,
      rate: plan.rate,
      acceptedFile: join(directory, 'accepted.jsonl'),
      scarce: surroundings.scarce === true,
      lossy: surroundings.lossy === true,
      replays: surroundings.lossy === true,
      clockSteps: surroundings.clock === true,
      duplicates: plan.wanted[9] !== undefined ? 0.1 : 0.03,
      specials: plan.specials,
    });
    this.publisher = publisher;
    publisher.start();
    if (publisher.pid !== undefined) this.onProcess('publisher', publisher.pid, 'publisher.mjs');
    await publisher.untilReady();
  }

  /**
   * @param {string} name
   * @param {string} program
   * @param {object} settings
   * @param {readonly string[]} [wrapper]
   */
  process(name, program, settings, wrapper) {
    return new ChaosProcess({
      name,
      program: resolve(PROGRAMS, program),
      settings,
      logFile: join(this.directory, 'logs', `${name}.jsonl`),
      ...(wrapper ? { wrapper } : {}),
      onMessage: (message) => {
        if (name === 'publisher' && message.answer !== undefined) this.#answers.shift()?.(message);
      },
    });
  }

  /**
   * @param {'run' | 'stop' | 'replay' | 'mark' | 'count'} command
   * @returns {Promise<{ counts: Record<string, number>, anomalies: string[] }>}
   */
  load(command) {
    return new Promise((resolve, reject) => {
      if (!this.publisher?.running)
        reject(new Error(`the publisher has ended:\n${this.publisher?.lastLines()}`));
      this.#answers.push(resolve);
      this.publisher?.send({ command });
    });
  }

  /** @param {ChaosProcess} pod */
  proxyOf(pod) {
    const proxy = this.#proxies.get(pod.name);
    if (proxy === undefined) throw new Error(`${pod.name} has no proxy`);
    return proxy;
  }

  get publisherProxy() {
    const proxy = this.#proxies.get('publisher');
    if (proxy === undefined) throw new Error('the publisher has no proxy');
    return proxy;
  }

  /**
   * Has one pod to itself: the one that was meant, or the next that nobody is at.
   * @param {number} index
   * @param {(pod: ChaosProcess) => Promise<void>} work
   */
  withPod(index, work) {
    const { pods } = this.pods;
    const inOrder = pods
      .map((_, nth) => pods[(index + nth) % pods.length])
      .filter((pod) => pod !== undefined);
    const pod = inOrder.find(({ name }) => !this.mutex.isHeld(`pod ${name}`)) ?? inOrder[0];
    if (pod === undefined) throw new Error('there is no pod');
    return this.mutex.hold([`pod ${pod.name}`], () => work(pod));
  }

  /** @param {(pods: readonly ChaosProcess[]) => Promise<void>} work */
  withAllPods(work) {
    const { pods } = this.pods;
    return this.mutex.hold(
      pods.map(({ name }) => `pod ${name}`),
      () => work(pods),
    );
  }

  /** @param {(redis: RedisNode) => Promise<void>} work */
  withRedis(work) {
    return this.mutex.hold(['redis'], () => work(this.redis));
  }

  /**
   * @param {import('./plan.mjs').Injection} injection
   * @param {(proxy: ChaosProxy) => Promise<void> | void} work
   */
  throughProxy({ row, kind, pod }, work) {
    return this.withPod(pod, (victim) =>
      this.faults.during({ row, kind: `proxy: ${kind}`, target: victim.name }, async () =>
        work(this.proxyOf(victim)),
      ),
    );
  }

  /** @param {number} port where connections lead from now on */
  #moveAll(port) {
    this.target.port = port;
    for (const proxy of this.#proxies.values()) {
      proxy.target.port = port;
      proxy.cut();
    }
  }

  /** @param {number} lagMs */
  async failOver(lagMs) {
    const { pair } = this;
    if (pair === undefined) throw new Error('there is no replica');
    await pair.failOver(lagMs);
    this.#moveAll(pair.primary.port);
    await pair.replica.start();
    await pair.follow();
  }

  /** @param {number} forMs */
  async splitBrain(forMs) {
    const { pair } = this;
    if (!(pair instanceof ReplicaPair)) throw new Error('there is no pair to be split');
    const old = pair.primary;
    pair.lag();
    await sleep(this.random.integer(0, 300));
    await pair.promote();
    // Every other pod follows the new primary, the rest and at first the publisher stay with the old one.
    const { pods } = this.pods;
    const movers = [...this.#proxies].filter(
      ([name]) => pods.findIndex((pod) => pod.name === name) % 2 === 1,
    );
    for (const [, proxy] of movers) {
      proxy.target.port = pair.primary.port;
      proxy.cut();
    }
    await sleep(forMs / 2);
    this.publisherProxy.target.port = pair.primary.port;
    this.publisherProxy.cut();
    await sleep(forMs / 2);
    this.#moveAll(pair.primary.port);
    if (old !== pair.replica) throw new Error('the demoted one is not the replica');
    await pair.follow();
  }

  /** Nothing is broken from here on. */
  async heal() {
    for (const proxy of this.#proxies.values()) proxy.heal();
    if (this.clock instanceof SteppedClock) this.clock.set(0);
    if (this.disk instanceof SmallDisk) this.disk.free();
    await this.pods.allReady();
  }

  /**
   * @param {number} deadlineMs
   * @returns {Promise<void>} when the backlog is empty, nobody holds anything and nothing waits to be tried again
   */
  async settled(deadlineMs) {
    const counts = async () => {
      const prefix = this.groupPrefix;
      const [log, held, retry] = await Promise.all([
        this.redis.ask('XLEN', `${prefix}log`),
        heldMessages(this.redis, prefix),
        this.redis.ask('ZCARD', `${prefix}retry`),
      ]);
      return { log: Number(log) - this.strangers, held: Number(held), retry: Number(retry) };
    };
    const empty = async () => {
      const { log, held, retry } = await counts();
      return log <= 0 && held === 0 && retry === 0;
    };
    await waitFor('settling', empty, { deadlineMs, everyMs: 100 }).catch(async () => {
      this.blame(`not settled within ${deadlineMs} ms: ${JSON.stringify(await counts())}`);
    });
  }

  /** @returns {Promise<import('./judge/invariants.mjs').Findings>} what the store shows by itself */
  invariants() {
    const { directory, groupPrefix, strangers } = this;
    return checkInvariants(this.redis, { directory, groupPrefix, strangers });
  }

  /** Pods first, as a deployment would; the store stays for the judge. */
  async endPods() {
    this.echo?.stop();
    for (const wrong of await this.pods.close()) this.blame(wrong);
    await this.publisher?.end('SIGTERM', 2_000);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    this.echo?.stop();
    this.sizes?.stop();
    this.killNow();
    for (const proxy of this.#proxies.values()) await proxy.close();
    await this.node?.kill();
    await this.pair?.stop();
    if (this.namespace instanceof NetNamespace) this.namespace.close();
    if (this.disk instanceof SmallDisk) this.disk.close();
  }

  /** For the last moment of this process. */
  killNow() {
    this.pods.killNow();
    this.publisher?.killNow();
    for (const guest of this.guests) guest.killNow();
    this.node?.killNow();
    this.pair?.killNow();
    if (this.namespace instanceof NetNamespace) this.namespace.close();
    if (this.disk instanceof SmallDisk) this.disk.close();
  }
}
