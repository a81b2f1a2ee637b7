// A refusal of the server, in the words of people and with the names of programs.

import { Code, ConnectError } from '@connectrpc/connect';
import { durationMs } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from './generated/google/rpc/error_details_pb.js';

/** One field that is not right. */
export interface Violation {
  /** Its path in the request, for example `consultation.participants[0].person`. */
  readonly field: string;
  /** For example `FIELD_REQUIRED`. */
  readonly reason: string;
  /** What to do about it, in the caller's language. */
  readonly description: string;
}

/** Why the server did not do it, or why nobody answered. */
export class SchakelError extends Error {
  override readonly name = 'SchakelError';
  /** The gRPC code. */
  readonly code: Code;
  /** For example `TIME_CONFLICT`; empty when what answered is no Schakel server, or nobody did. */
  readonly reason: string;
  /** What was wrong and what to do, in the caller's language. */
  readonly text: string;
  /** What belongs to the reason, for example `next_free_times`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The fields that are not right. */
  readonly violations: readonly Violation[];
  /** After how many milliseconds the same call may be sent again, when the server says so. */
  readonly retryAfter: number | undefined;
  /** How the call is known in the server's log; tell it to whoever runs the server. */
  readonly logged: string;
  /** Nobody answered: the connection failed before the server could say anything. */
  readonly unreachable: boolean;
  /** Of the change that was asked for, also when it was filled in; sent again with it, it still happens once. */
  readonly requestId: string;

  private constructor(cause: ConnectError, requestId: string) {
    const info = cause.findDetails(ErrorInfoSchema)[0];
    const bad = cause.findDetails(BadRequestSchema)[0];
    const delay = cause.findDetails(RetryInfoSchema)[0]?.retryDelay;
    const unreachable = !info && neverAnswered(cause);
    const code = unreachable ? Code.Unavailable : cause.code;
    const violations = bad?.fieldViolations.map(({ field, reason, description }) => ({ field, reason, description }));
    const lines = [`${info?.reason || nameOf(code)}: ${cause.rawMessage}`];
    for (const it of violations ?? []) lines.push(`  ${it.field}: ${it.reason}. ${it.description}`);
    for (const [name, value] of Object.entries(info?.metadata ?? {})) lines.push(`  ${name}: ${value}`);
    super(lines.join('\n'), { cause });
    this.code = code;
    this.reason = info?.reason ?? '';
    this.text = cause.rawMessage;
    this.metadata = { ...info?.metadata };
    this.violations = violations ?? [];
    this.retryAfter = delay && durationMs(delay);
    this.logged = cause.findDetails(RequestInfoSchema)[0]?.requestId ?? '';
    this.unreachable = unreachable;
    this.requestId = requestId;
  }

  /** Whatever was thrown, as one of these; `requestId` when it was a change. */
  static from(thrown: unknown, requestId = ''): SchakelError {
    return thrown instanceof SchakelError ? thrown : new SchakelError(ConnectError.from(thrown), requestId);
  }

  /** Whether the same call may go well in a moment. */
  get passes(): boolean {
    // ABORTED is what a stale copy gets too, and stays stale however often it is sent.
    const collided = this.code === Code.Aborted && this.reason !== 'ETAG_MISMATCH';
    return this.code === Code.Unavailable || collided;
  }
}

/** `fetch` throws a TypeError when there is no connection; a cut one leaves an answer without its end. */
function neverAnswered(cause: ConnectError): boolean {
  const cut = ['missing trailer', 'missing response body', 'premature end of stream', 'protocol error: incomplete envelope'];
  const broken = cause.cause instanceof Error && ['TypeError', 'SocketError'].includes(cause.cause.name);
  return broken || cut.includes(cause.rawMessage);
}

function nameOf(code: Code): string {
  return (Code[code] ?? 'Unknown').replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
}
