import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblem, NeedsApiKey, notFound } from '@onlyonce/service';
import { z } from 'zod';
import { LOG, type Log } from '../log.js';
import { setStockSchema, stockLevelSchema, stockParams, type StockLevel } from './stock.js';
import { STOCK_STORE, type StockPage, type StockStore } from './stock-store.js';

const listQuery = z.object({
  cursor: z
    .string('must be a cursor of an earlier answer')
    .regex(/^\d{1,20}$/, 'must be a cursor of an earlier answer')
    .optional()
    .meta({ description: 'From the page before; none for the first.' }),
});

const pageSchema = z.object({
  items: z.array(stockLevelSchema),
  cursor: z.string().optional().meta({ description: 'Ask with it for the next page; none on the last.' }),
});

@ApiTags('stock')
@Controller('stock')
export class StockController {
  constructor(
    @Inject(STOCK_STORE) private readonly stock: StockStore,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @ApiOperation({ summary: 'Set the units available of an item; safe to repeat' })
  @ApiResponse({ status: 200, standardSchema: stockLevelSchema, description: 'As set' })
  @ApiProblem(400, 'Each wrong field is named')
  @ApiProblem(401, 'No or a wrong API key, when one is configured')
  @ApiProblem(503, 'Redis is away')
  @NeedsApiKey()
  @Put(':id')
  async set(
    @Param({ schema: stockParams }) { id }: z.infer<typeof stockParams>,
    @Body({ schema: setStockSchema }) { quantity }: z.infer<typeof setStockSchema>,
  ): Promise<StockLevel> {
    const previous = await this.stock.set(id, quantity);
    this.log.info({ event: 'stock.set', item: id, quantity, previous: previous?.available ?? null });
    return { id, available: quantity };
  }

  @ApiOperation({ summary: 'All items, up to a thousand on one page' })
  @ApiResponse({ status: 200, standardSchema: pageSchema, description: 'Sorted by id within the page' })
  @ApiProblem(503, 'Redis is away')
  @Get()
  list(@Query({ schema: listQuery }) { cursor }: z.infer<typeof listQuery>): Promise<StockPage> {
    return this.stock.list(cursor);
  }

  @ApiOperation({ summary: 'One item' })
  @ApiResponse({ status: 200, standardSchema: stockLevelSchema, description: 'Units available now' })
  @ApiProblem(404, 'No such item')
  @ApiProblem(503, 'Redis is away')
  @Get(':id')
  async get(@Param({ schema: stockParams }) { id }: z.infer<typeof stockParams>): Promise<StockLevel> {
    const level = await this.stock.get(id);
    if (!level) throw notFound(`there is no item ${id}`);
    return level;
  }
}
