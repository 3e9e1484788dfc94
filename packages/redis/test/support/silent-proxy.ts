import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that can fall silent: connections stay open in both directions and nothing passes any more. */
export class SilentProxy {
  private readonly sockets = new Set<Socket>();
  private silent = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  static async to(target: { readonly host: string; readonly port: number }): Promise<SilentProxy> {
    const server = createServer();
    const proxy = new SilentProxy(server, target);
    server.on('connection', (socket) => {
      proxy.join(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const address = this.server.address();
    return `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** Nothing passes from now on, on new connections neither, until `speak`. Old connections never speak again. */
  fallSilent(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** New connections work again. */
  speak(): void {
    this.silent = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    // Only these two: other fields of a server would be taken for options of the socket.
    const { host, port } = this.target;
    const far = connect({ host, port });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => {
        if (!this.silent) to.write(chunk);
      });
      // An end is news too: it does not pass while silent.
      from.on('end', () => {
        if (!this.silent) to.end();
      });
      from.on('error', () => undefined);
      from.on('close', () => this.sockets.delete(from));
    }
  }
}
