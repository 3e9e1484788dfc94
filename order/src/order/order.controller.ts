import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { orderIdSchema } from '@onlyonce/contracts';
import { ApiProblem, badRequest, jsonSchemaOf, NeedsApiKey } from '@onlyonce/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { orderRequestSchema, readOrderRequest } from './order-request.js';
import { OrderService, type PlacedOrder } from './order.service.js';
import { orderSchema, orderStatusSchema, type Order } from './order.js';
import { waitSchema } from './wait.js';

const orderParams = z.object({ id: orderIdSchema });
const orderQuery = z.object({ wait: waitSchema });

const placedSchema = z.object({
  orderId: z.string().meta({ examples: ['0199c0de-7e57-7abc-8def-0123456789ab'] }),
  status: orderStatusSchema.meta({ examples: ['PENDING'] }),
  duplicate: z.literal(true).optional().meta({ description: 'The same order was accepted before.' }),
});

@ApiTags('orders')
@Controller('orders')
export class OrderController {
  constructor(private readonly orders: OrderService) {}

  @ApiOperation({ summary: 'Place an order; safe to repeat with the same orderId or Idempotency-Key' })
  @ApiBody({
    schema: jsonSchemaOf(orderRequestSchema),
    examples: {
      'with its id': { value: { orderId: 'order-1', items: [{ id: 'sku-4711', quantity: 2 }] } },
      'id made by the service': { value: { items: [{ id: 'sku-4711', quantity: 2 }] } },
    },
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 128 visible ASCII characters. The same key is the same order; for another order: 409.',
  })
  @ApiResponse({
    status: 202,
    standardSchema: placedSchema,
    description: 'In the durable backlog. Location: the order.',
  })
  @ApiProblem(400, 'Each wrong field is named')
  @ApiProblem(401, 'No or a wrong API key, when one is configured')
  @ApiProblem(409, 'The id or the Idempotency-Key belongs to another order')
  @ApiProblem(413, 'Body over 256 KiB')
  @ApiProblem(415, 'Not application/json')
  @ApiProblem(503, 'Redis is away or full; repeat with the orderId in the answer')
  @NeedsApiKey()
  @Post()
  @HttpCode(202)
  async place(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlacedOrder> {
    // Body and header are read together here, and not by the pipe, so that what is wrong with either is told at once.
    const read = readOrderRequest(request.body, request.headers['idempotency-key']);
    if (read.kind === 'faulty') throw badRequest(read.faults);
    const placed = await this.orders.place(read.request);
    reply.header('location', `/orders/${encodeURIComponent(placed.orderId)}`);
    return placed;
  }

  @ApiOperation({
    summary: 'What became of an order; with wait, held until it is settled or the time is over',
  })
  @ApiResponse({ status: 200, standardSchema: orderSchema, description: 'The order now' })
  @ApiProblem(400, 'The id or wait is not usable')
  @ApiProblem(404, 'No such order')
  @ApiProblem(503, 'Redis is away')
  @Get(':id')
  async find(
    @Param({ schema: orderParams }) { id }: z.infer<typeof orderParams>,
    @Query({ schema: orderQuery }) { wait }: z.infer<typeof orderQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Order> {
    const gone = new AbortController();
    const abort = (): void => {
      gone.abort();
    };
    const { socket } = request.raw;
    socket.once('close', abort);
    try {
      return await this.orders.find(id, wait, gone.signal);
    } finally {
      // The socket outlives the request: listeners would pile up on a connection that is kept alive.
      socket.removeListener('close', abort);
    }
  }
}
