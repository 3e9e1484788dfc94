import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { GroupRef, InboxState } from '@onlyonce/core';
import { Inbox, Publisher } from '@onlyonce/nestjs';
import { ApiProblem, badRequest, conflict, jsonSchemaOf, NeedsApiKey, notFound } from '@onlyonce/service';
import { z } from 'zod';
import { LOG, type Log } from '../log.js';
import { inboxMessage, inboxMessageSchema, inboxStateSchema, type InboxMessage } from './inbox-message.js';
import { injectedOrderSchema, messageOf, type InjectedOrder } from './injected-order.js';
import { messageIdSchema } from './message-id.js';

/** The group whose inbox is shown. */
export const INBOX_REF = Symbol('InboxRef');

const LIMIT_RULE = 'must be an integer from 1 to 500';

const listQuery = z.object({
  state: inboxStateSchema.default('pending'),
  cursor: z.string('must be a cursor of an earlier answer').max(200).optional(),
  limit: z
    .string(LIMIT_RULE)
    .regex(/^\d{1,3}$/, LIMIT_RULE)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 500, LIMIT_RULE)
    .prefault('100'),
});

const redriveParams = z.object({ id: messageIdSchema });

const pageSchema = z.object({
  state: inboxStateSchema,
  messages: z.array(inboxMessageSchema),
  cursor: z.string().optional().meta({ description: 'Ask with it for the next page; none on the last.' }),
});

const acceptedSchema = z.object({
  messageId: z.string().meta({ examples: ['order-1'] }),
  duplicate: z.literal(true).optional().meta({ description: 'The same message was published before.' }),
});

interface Page {
  readonly state: InboxState;
  readonly messages: readonly InboxMessage[];
  readonly cursor: string | undefined;
}

type Accepted = z.infer<typeof acceptedSchema>;

@ApiTags('inbox')
@Controller('inbox')
export class InboxController {
  constructor(
    private readonly inbox: Inbox,
    private readonly publisher: Publisher,
    @Inject(INBOX_REF) private readonly ref: GroupRef,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @ApiOperation({ summary: 'Messages of this group in one state' })
  @ApiResponse({ status: 200, standardSchema: pageSchema, description: 'One page' })
  @ApiProblem(400, 'Each wrong parameter is named')
  @ApiProblem(503, 'Redis is away')
  @Get()
  async list(
    @Query({ schema: listQuery }) { state, cursor, limit }: z.infer<typeof listQuery>,
  ): Promise<Page> {
    const page = await this.inbox.list(this.ref, state, cursor, limit);
    return { state, messages: page.rows.map(inboxMessage), cursor: page.cursor };
  }

  @ApiOperation({ summary: 'Publish an order message by hand' })
  @ApiBody({
    schema: jsonSchemaOf(injectedOrderSchema),
    examples: { 'an order': { value: { orderId: 'order-1', items: [{ id: 'sku-4711', quantity: 2 }] } } },
  })
  @ApiResponse({ status: 202, standardSchema: acceptedSchema, description: 'In the durable backlog' })
  @ApiProblem(400, 'Each wrong field is named')
  @ApiProblem(409, 'The id belongs to another message')
  @ApiProblem(503, 'Redis is away or full')
  @NeedsApiKey()
  @Post()
  @HttpCode(202)
  async inject(@Body({ schema: injectedOrderSchema }) order: InjectedOrder): Promise<Accepted> {
    const id = order.orderId ?? crypto.randomUUID();
    const body = messageOf(order, id);
    if ('field' in body) throw badRequest([body]);
    const { channel } = this.ref;
    const result = await this.publisher.publish(channel, { id, body });
    switch (result.kind) {
      case 'accepted':
        this.log.info({ event: 'order.accepted', messageId: id, channel });
        return { messageId: id };
      case 'duplicate':
        this.log.info({ event: 'message.duplicate', messageId: id, channel, reason: 'already accepted' });
        return { messageId: id, duplicate: true };
      case 'conflict':
      case 'refused':
        throw conflict('this id belongs to another message', { orderId: id });
      case 'too-old':
      case 'from-future':
        throw badRequest([{ field: 'orderId', message: 'carries a time outside the horizon' }]);
      default:
        return result satisfies never;
    }
  }

  @ApiOperation({ summary: 'Send a dead letter back: same id, counters at zero' })
  @ApiResponse({ status: 202, standardSchema: acceptedSchema, description: 'In the backlog again' })
  @ApiProblem(404, 'No dead letter of this id')
  @ApiProblem(503, 'Redis is away; repeat it')
  @NeedsApiKey()
  @Post(':id/redrive')
  @HttpCode(202)
  async redrive(@Param({ schema: redriveParams }) { id }: z.infer<typeof redriveParams>): Promise<Accepted> {
    const [sent] = await this.inbox.redrive(this.ref, [id]);
    if (sent === undefined) throw notFound(`there is no dead letter ${id}`);
    return { messageId: sent };
  }
}
