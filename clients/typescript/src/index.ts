// Schakel from TypeScript: one call makes typed clients of every service.

import type { DescService } from '@bufbuild/protobuf';
import { createClient, type Client, type Interceptor, type Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { bearing, patient, telling, type Token } from './calls.js';
import { services } from './generated/index.js';

export { durationFromMs, durationMs, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
export { Code, type CallOptions } from '@connectrpc/connect';
export { type Token } from './calls.js';
export { SchakelError, type Violation } from './error.js';
export * from './generated/index.js';
export { every, type Item } from './paging.js';
export { watchCases, watchConsultations, type WatchOptions } from './watch.js';

/** Where the server is, who is calling, and how patient the caller is. */
export interface SchakelOptions {
  /** `https://schakel.example`, without a slash at the end. In a browser: `location.origin`. */
  readonly address: string;
  /** `ska_…`, or a function that gives a token; it is asked at every try. */
  readonly token: Token;
  /** `organisations/{uuid}`; needed by callers with more than one membership. */
  readonly actingFor?: string;
  /** For systems: `persons/{uuid}` on whose behalf it acts. */
  readonly onBehalfOf?: string;
  /** `nl` or `en`. Without it the server answers in Dutch, in a browser in what that prefers. */
  readonly language?: string;
  /** After how many milliseconds a call is given up, all its tries together. 60,000 unless given. */
  readonly deadline?: number;
  /** How often a call is sent again while the server is away. 3 unless given. */
  readonly retries?: number;
  /**
   * What carries the calls: gRPC-web over `fetch` unless given. A browser cannot send streams, which
   * imports are; in Node `createGrpcTransport` of `@connectrpc/connect-node` can.
   */
  readonly transport?: (options: TransportOptions) => Transport;
}

/** What a transport is made with. */
export interface TransportOptions {
  readonly baseUrl: string;
  readonly interceptors: Interceptor[];
  readonly defaultTimeoutMs: number;
}

/** A typed client of every service. */
export type Schakel = { readonly [Name in keyof typeof services]: Client<(typeof services)[Name]> };

/** Clients that all bear the same credential; nothing is sent yet. */
export function createSchakel(options: SchakelOptions): Schakel {
  const { address, token, deadline = 60_000, retries = 3, transport = createGrpcWebTransport } = options;
  const headers = {
    'schakel-acting-for': options.actingFor,
    'schakel-on-behalf-of': options.onBehalfOf,
    'accept-language': options.language,
  };
  const carrier = telling(
    transport({
      baseUrl: address.replace(/\/+$/, ''),
      // The first is around the other: a token for each try.
      interceptors: [patient(retries), bearing(token, headers)],
      defaultTimeoutMs: deadline,
    }),
  );
  const made = Object.entries(services).map(([name, service]: [string, DescService]) => [
    name,
    createClient(service, carrier),
  ]);
  return Object.fromEntries(made) as Schakel;
}
