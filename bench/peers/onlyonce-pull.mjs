// @ts-check
import { onlyoncePeer } from './onlyonce.mjs';

export const peer = onlyoncePeer('pull');
