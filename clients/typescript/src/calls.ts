// What every call bears and how it is sent: credential, request id, and again while the server is away.

import { clone, create, type DescMessage, type DescMethod, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { Interceptor, Transport } from '@connectrpc/connect';
import { SchakelError } from './error.js';

/** `ska_…`, a token of an identity provider, or a function that is asked for one at every try. */
export type Token = string | (() => string | Promise<string>);

const FIRST_WAIT = 200;

/** Puts the caller's headers on every try. */
export function bearing(token: Token, headers: Record<string, string | undefined>): Interceptor {
  return (next) => async (request) => {
    const shown = typeof token === 'function' ? await token() : token;
    request.header.set('authorization', `Bearer ${shown}`);
    for (const [name, value] of Object.entries(headers)) {
      if (value && !request.header.has(name)) request.header.set(name, value);
    }
    return next(request);
  };
}

/** The same message, with an id when it asks for a change and has none: one for all tries, so that it has one effect. */
function identified<I extends DescMessage>(input: I, message: MessageInitShape<I>): [MessageInitShape<I>, string] {
  if (!input.field['requestId']) return [message, ''];
  // What was given stays as it was.
  const copy = clone<DescMessage>(input, create<DescMessage>(input, message)) as Message & { requestId?: string };
  copy.requestId ||= crypto.randomUUID();
  return [copy as MessageInitShape<I>, copy.requestId];
}

/** What may be sent again though it has no request id: it changes nothing. `ProposeSubstitutes` only asks. */
const READS = /^(Get|List|Who|Find|Compare|Route|Preview|Export|Verify|ProposeSubstitutes)/;

/** Whether it has one effect however often it is sent. */
function repeats(method: DescMethod): boolean {
  return method.input.field['requestId'] !== undefined || READS.test(method.name);
}

/** Sends a call that is no stream, and has one effect, again: after a wait that doubles, or that the server names. */
export function patient(retries: number): Interceptor {
  return (next) => async (request) => {
    if (request.stream || !repeats(request.method)) return next(request);
    for (let turn = 0; ; turn += 1) {
      try {
        return await next(request);
      } catch (thrown) {
        const error = SchakelError.from(thrown);
        if (turn >= retries || !error.passes || request.signal.aborted) throw thrown;
        await pause(Math.max(FIRST_WAIT * 2 ** turn, error.retryAfter ?? 0), request.signal);
      }
    }
  };
}

/** Waits; ends sooner when `signal` says so. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** The same transport, which gives changes their id, and of which every fault is a [`SchakelError`]. */
export function telling(transport: Transport): Transport {
  const tell = (thrown: unknown, requestId?: string): never => {
    throw SchakelError.from(thrown, requestId);
  };
  async function* told<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* messages;
    } catch (thrown) {
      tell(thrown);
    }
  }
  return {
    // An id is given here, outside of all tries and of the deadline, so that whoever gave up is told it.
    unary: (method, signal, timeout, header, message, values) => {
      const [sent, requestId] = identified(method.input, message);
      const answer = transport.unary(method, signal, timeout, header, sent, values);
      return answer.catch((thrown: unknown) => tell(thrown, requestId));
    },
    stream: (...call) =>
      transport
        .stream(...call)
        .then(
          (answer) => ({ ...answer, message: told(answer.message) }) as typeof answer,
          (thrown: unknown) => tell(thrown),
        ),
  };
}
