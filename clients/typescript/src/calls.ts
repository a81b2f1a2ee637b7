// What every call bears and how it is sent: credential, request id, and again while the server is away.

import { clone, type DescMessage, type Message } from '@bufbuild/protobuf';
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

/** Gives each change one id for all its tries, so that it has one effect. */
export const identified: Interceptor = (next) => (request) => {
  const field = request.stream ? undefined : request.method.input.field['requestId'];
  if (request.stream || !field) return next(request);
  const message = request.message as Message & { requestId?: string };
  if (message.requestId) return next(request);
  const copy = clone(request.method.input as DescMessage, message) as Message & { requestId?: string };
  copy.requestId = crypto.randomUUID();
  return next({ ...request, message: copy });
};

/** Sends a call that is no stream again, after a wait that doubles, or that the server names. */
export function patient(retries: number): Interceptor {
  return (next) => async (request) => {
    if (request.stream) return next(request);
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

/** The same transport, of which every fault is a [`SchakelError`]. */
export function telling(transport: Transport): Transport {
  const tell = (thrown: unknown): never => {
    throw SchakelError.from(thrown);
  };
  async function* told<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* messages;
    } catch (thrown) {
      tell(thrown);
    }
  }
  return {
    unary: (...call) => transport.unary(...call).catch(tell),
    stream: (...call) =>
      transport
        .stream(...call)
        .then((answer) => ({ ...answer, message: told(answer.message) }) as typeof answer, tell),
  };
}
