// Changes as they come, over breaks of the connection.

import { equals } from '@bufbuild/protobuf';
import { pause } from './calls.js';
import { SchakelError } from './error.js';
import { ConsultationSchema, type CaseChange, type Consultation } from './generated/index.js';
import type { Schakel } from './index.js';
import { every } from './paging.js';

/** How a watch is ended. */
export interface WatchOptions {
  /** Ends the watch, quietly. */
  readonly signal?: AbortSignal;
}

const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;
/** The server tells the newest five minutes again; of so many names is known that they were told. */
const REMEMBERED = 1000;

/**
 * What changes in the cases that the caller may read, each once in the order of coming. After a
 * break it goes on behind the last change that was told; before the first there is nothing to go
 * on from, unless `after` says so. What no second try mends is thrown.
 */
export async function* watchCases(
  schakel: Schakel,
  request: { case?: string; after?: string } = {},
  { signal }: WatchOptions = {},
): AsyncGenerator<CaseChange> {
  let after = request.after ?? '';
  const told = new Set<string>();
  yield* over(signal, async function* (signal) {
    const asked = { case: request.case ?? '', after };
    for await (const { change } of schakel.thuiszitter.watchCases(asked, { signal, timeoutMs: 0 })) {
      if (!change || told.has(change.name)) continue;
      told.add(change.name);
      if (told.size > REMEMBERED) told.delete(told.values().next().value as string);
      after = change.name;
      yield change;
    }
  });
}

/**
 * Every meeting as it stands after each change, of those that the caller may see. After a break it
 * looks at all that are to come, and tells those that are not as they were.
 */
export async function* watchConsultations(
  schakel: Schakel,
  request: { case?: string } = {},
  { signal }: WatchOptions = {},
): AsyncGenerator<Consultation> {
  const asked = { case: request.case ?? '' };
  const known = new Map<string, Consultation>();
  const meetings = (signal: AbortSignal) =>
    every(schakel.consultation.listConsultations, { ...asked, showCancelled: true }, { signal });
  let begun = false;
  yield* over(signal, async function* (signal) {
    if (!begun) for await (const meeting of meetings(signal)) known.set(meeting.name, meeting);
    begun = true;
    let opened = () => {};
    const open = new Promise<void>((resolve) => (opened = resolve));
    const options = { signal, timeoutMs: 0, onHeader: () => opened() };
    const changes = schakel.consultation.watchConsultations(asked, options)[Symbol.asyncIterator]();
    let next = changes.next();
    next.catch(() => {});
    // Only once it is listened to what comes is it certain that a list misses nothing.
    await Promise.race([open, next]);
    for await (const meeting of meetings(signal)) {
      const before = known.get(meeting.name);
      if (before && equals(ConsultationSchema, before, meeting)) continue;
      known.set(meeting.name, meeting);
      yield meeting;
    }
    for (let change = await next; !change.done; change = await next) {
      next = changes.next();
      next.catch(() => {});
      const { consultation } = change.value;
      if (!consultation) continue;
      known.set(consultation.name, consultation);
      yield consultation;
    }
  });
}

/** Opens a stream again and again, after waits that double until something comes. */
async function* over<T>(
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  let wait = FIRST_WAIT;
  while (!signal?.aborted) {
    // Whoever leaves the loop says nothing to the stream: this closes it.
    const own = new AbortController();
    const end = () => own.abort();
    signal?.addEventListener('abort', end);
    try {
      for await (const change of open(own.signal)) {
        wait = FIRST_WAIT;
        yield change;
      }
    } catch (thrown) {
      if (signal?.aborted) return;
      const error = SchakelError.from(thrown);
      if (!error.passes) throw error;
    } finally {
      signal?.removeEventListener('abort', end);
      own.abort();
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}
