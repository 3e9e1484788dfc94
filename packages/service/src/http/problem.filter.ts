import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf } from './problem-of.js';

/** Answers every error as application/problem+json; the unexpected ones are logged, with their stack, here only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getResponse<FastifyReply>());
  }

  answer(error: unknown, reply: FastifyReply): void {
    const { problem, retryAfterSeconds } = problemOf(error);
    if (problem.status >= 500 && problem.status !== 503) this.logger.error(error);
    // A client that has gone away, or an answer that is half sent: there is nobody to tell.
    if (reply.sent) return;
    reply.code(problem.status).type('application/problem+json; charset=utf-8');
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
    void reply.send(JSON.stringify(problem));
  }
}
