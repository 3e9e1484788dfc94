// @ts-check

/** @typedef {string | number | null | Error | unknown[]} Reply */

/** Reads replies of Redis (RESP2) from the bytes of a connection. */
export class RespReader {
  /** @type {Buffer} */
  #bytes = Buffer.alloc(0);

  /**
   * @param {Buffer} chunk
   * @returns {Reply[]} the replies that are complete now
   */
  feed(chunk) {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const replies = [];
    let at = 0;
    for (let read = this.#read(at); read; read = this.#read(at)) {
      replies.push(read.reply);
      at = read.end;
    }
    this.#bytes = this.#bytes.subarray(at);
    return replies;
  }

  /**
   * @param {number} at
   * @returns {{ reply: Reply, end: number } | undefined} undefined while bytes are missing
   */
  #read(at) {
    const lineEnd = this.#bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const type = this.#bytes.toString('latin1', at, at + 1);
    const line = this.#bytes.toString('utf8', at + 1, lineEnd);
    const end = lineEnd + 2;
    switch (type) {
      case '+':
        return { reply: line, end };
      case '-':
        return { reply: new Error(line), end };
      case ':':
        return { reply: Number(line), end };
      case '$':
        return this.#bulk(Number(line), end);
      case '*':
        return this.#array(Number(line), end);
      default:
        throw new Error(`this is no Redis: it answers ${JSON.stringify(type + line.slice(0, 40))}`);
    }
  }

  /**
   * @param {number} length
   * @param {number} from
   */
  #bulk(length, from) {
    if (length < 0) return { reply: null, end: from };
    const end = from + length + 2;
    if (this.#bytes.length < end) return undefined;
    return { reply: this.#bytes.toString('utf8', from, from + length), end };
  }

  /**
   * @param {number} count
   * @param {number} from
   */
  #array(count, from) {
    if (count < 0) return { reply: null, end: from };
    /** @type {Reply[]} */
    const reply = [];
    let end = from;
    for (let index = 0; index < count; index += 1) {
      const item = this.#read(end);
      if (!item) return undefined;
      reply.push(item.reply);
      end = item.end;
    }
    return { reply, end };
  }
}
