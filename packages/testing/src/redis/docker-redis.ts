import type { getContainerRuntimeClient, StartedTestContainer } from 'testcontainers';
import { answers } from './answers.js';
import { freePort } from './free-port.js';
import { serverArguments, type RedisOptions, type RedisServer } from './redis-server.js';

const IMAGE = 'redis:8';
const REDIS_PORT = 6379;

/**
 * Repairs a torn append-only file before every start, the restarts of a killed container included (rule F1), and
 * then becomes the server, so that a signal to the container reaches it.
 */
const REPAIR_AND_RUN =
  'for m in /data/appendonlydir/*.manifest; do [ -e "$m" ] && { yes | redis-check-aof --fix "$m" >/dev/null || exit 1; }; done; ' +
  'exec redis-server --dir /data --protected-mode no "$@"';

type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>;
type ContainerHandle = ReturnType<Engine['container']['getById']>;

/** A Redis of the official image in a container. */
export class DockerRedis implements RedisServer {
  private constructor(
    readonly host: string,
    readonly port: number,
    private readonly container: StartedTestContainer,
    private readonly handle: ContainerHandle,
  ) {}

  /** @returns undefined when no Docker engine answers, or it does not have the image */
  static async startIfPossible(options: RedisOptions = {}): Promise<DockerRedis | undefined> {
    const engine = await dockerEngine();
    return engine && DockerRedis.startIn(engine, options);
  }

  private static async startIn(engine: Engine, options: RedisOptions): Promise<DockerRedis> {
    const { GenericContainer, Wait } = await import('testcontainers');
    // Fixed, since a restarted container would otherwise get another port and the URL would be wrong.
    const port = await freePort();
    const container = await new GenericContainer(IMAGE)
      .withEntrypoint(['sh', '-c', REPAIR_AND_RUN, 'redis'])
      .withCommand(serverArguments(options))
      .withExposedPorts({ container: REDIS_PORT, host: port })
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .start();
    const server = new DockerRedis(
      container.getHost(),
      port,
      container,
      engine.container.getById(container.getId()),
    );
    await answers(server.host, port);
    return server;
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  async kill(): Promise<void> {
    await this.handle.kill({ signal: 'SIGKILL' });
    await this.handle.wait();
  }

  async start(): Promise<void> {
    await this.handle.start();
    await answers(this.host, this.port);
  }

  async pause(): Promise<void> {
    await this.handle.pause();
  }

  async resume(): Promise<void> {
    await this.handle.unpause();
  }

  async stop(): Promise<void> {
    await this.container.stop({ timeout: 0, remove: true, removeVolumes: true });
  }
}

/** Loaded only when asked for: the library is large, and unit tests need none of it. */
async function dockerEngine(): Promise<Engine | undefined> {
  const testcontainers = await import('testcontainers');
  try {
    const engine = await testcontainers.getContainerRuntimeClient();
    if (!(await engine.image.exists(testcontainers.ImageName.fromString(IMAGE)))) return undefined;
    // The reaper needs an image of its own; without it the library would fail instead of doing without.
    const reaper = Object.values(await engine.container.dockerode.listImages()).some((image) =>
      image.RepoTags?.some((tag) => tag.startsWith('testcontainers/ryuk:')),
    );
    if (!reaper) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    return engine;
  } catch {
    return undefined;
  }
}
