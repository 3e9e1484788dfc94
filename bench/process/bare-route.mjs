// @ts-check
// What POST /orders is compared with: a Fastify route that does one XADD, and nothing else.
import Fastify from 'fastify';
import { connected } from '../peers/connection.mjs';

const STREAM = '{bench}:orders';

const redis = await connected(process.env['REDIS_URL'] ?? '', 'bare-route');
const app = Fastify({ logger: false });
app.post('/orders', async (request, reply) => {
  const order = /** @type {{ orderId: string }} */ (request.body);
  await redis.xadd(STREAM, '*', 'b', JSON.stringify(order));
  return reply.code(202).send({ orderId: order.orderId, status: 'PENDING' });
});
app.get('/health/ready', async () => 'ok');
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
