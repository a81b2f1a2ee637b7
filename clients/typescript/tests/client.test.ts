// The client against a real server, over ways that break.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  CaseChange_Kind,
  Code,
  Consultation_State,
  ImportRequest_Kind,
  createSchakel,
  durationFromMs,
  every,
  watchCases,
  watchConsultations,
  type Consultation,
} from '@schakel/client';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Between } from './between.js';
import { about, address, booked, client, refused, token, wished } from './given.js';

async function meetings(): Promise<string[]> {
  const names = [];
  for await (const meeting of every(client().consultation.listConsultations, { case: about })) names.push(meeting.name);
  return names;
}

test('a token may come from a function, which is asked at every call', async () => {
  let asked = 0;
  const schakel = client({ token: async () => ((asked += 1), token) });
  const me = await schakel.access.whoAmI({});
  assert.match(me.person, /^persons\//);
  await schakel.access.whoAmI({});
  assert.equal(asked, 2);
});

test('a booking whose answer was lost is sent again and has one effect', async () => {
  await using between = await Between.open(address);
  const before = await meetings();
  const request = { consultation: await wished(client()) };
  between.lose = 2;
  const meeting = await client({ address: between.address }).consultation.bookConsultation(request);
  assert.equal(between.calls.length, 3);
  assert.deepEqual((await meetings()).filter((name) => !before.includes(name)), [meeting.name]);
  assert.deepEqual(Object.keys(request), ['consultation'], 'what was given stays as it was');
});

test('a server that comes back is asked again, and one that stays away is left', async () => {
  await using between = await Between.open(address);
  const schakel = client({ address: between.address });
  between.refuse = 2;
  await schakel.access.whoAmI({});
  assert.equal(between.calls.length, 3);
  between.refuse = 99;
  const error = await refused(client({ address: between.address, retries: 1 }).access.whoAmI({}));
  assert.equal(error.code, Code.Unavailable);
  assert.equal(between.calls.length, 5);
});

test('a change that was given up tells the id with which it still happens once', async () => {
  await using between = await Between.open(address);
  const before = await meetings();
  const request = { consultation: await wished(client()) };
  between.lose = 1;
  const away = client({ address: between.address, retries: 0 });
  const { requestId } = await refused(away.consultation.bookConsultation(request));
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  const meeting = await client().consultation.bookConsultation({ ...request, requestId });
  assert.deepEqual((await meetings()).filter((name) => !before.includes(name)), [meeting.name]);
  between.refuse = 99;
  const late = client({ address: between.address, retries: 9, deadline: 300 });
  const own = crypto.randomUUID();
  const { code, requestId: told } = await refused(late.consultation.cancelConsultation({ name: meeting.name, requestId: own }));
  assert.deepEqual([code, told], [Code.DeadlineExceeded, own]);
  assert.equal((await refused(late.access.whoAmI({}))).requestId, '', 'of what changes nothing');
});

test('what changes something and has no id is sent once', async () => {
  await using between = await Between.open(address);
  between.refuse = 99;
  const away = client({ address: between.address });
  const error = await refused(away.clock.advanceClock({ by: durationFromMs(1000) }));
  assert.deepEqual([error.code, between.calls.length], [Code.Unavailable, 1]);
});

test('where nobody answers is told as such', async () => {
  const between = await Between.open(address);
  await between.close();
  const error = await refused(client({ address: between.address, retries: 0 }).access.whoAmI({}));
  assert.deepEqual([error.code, error.reason, error.unreachable], [Code.Unavailable, '', true]);
});

test('a call is given up at its deadline', async () => {
  await using between = await Between.open(address);
  between.refuse = 99;
  const error = await refused(client({ address: between.address, deadline: 300, retries: 9 }).access.whoAmI({}));
  assert.equal(error.code, Code.DeadlineExceeded);
});

test('a refusal bears its reason, its fields and what belongs to it', async () => {
  const schakel = client();
  const wrong = await refused(schakel.thuiszitter.getCase({ name: 'cases/1' }));
  assert.deepEqual([wrong.code, wrong.reason], [Code.InvalidArgument, 'FIELD_INVALID']);
  assert.deepEqual(wrong.violations.map(({ field, reason }) => [field, reason]), [['name', 'FIELD_INVALID']]);
  assert.match(wrong.message, /^FIELD_INVALID: .+\n {2}name: FIELD_INVALID\. /);
  assert.match(wrong.logged, /^[0-9a-f-]{36}$/);

  const consultation = await wished(schakel);
  await schakel.consultation.bookConsultation({ consultation });
  const taken = await refused(schakel.consultation.bookConsultation({ consultation }));
  assert.deepEqual([taken.code, taken.reason], [Code.FailedPrecondition, 'TIME_CONFLICT']);
  assert.match(taken.metadata['next_free_times'] ?? '', /^\d{4}-/);
  assert.equal(taken.unreachable, false);

  const dutch = await refused(createSchakel({ address, token: '' }).access.whoAmI({}));
  assert.equal(dutch.code, Code.Unauthenticated);
  assert.match(dutch.text, /aangemeld|ingelogd/);
});

test('a stale copy is refused once and not tried again', async () => {
  await using between = await Between.open(address);
  const schakel = client({ address: between.address });
  const { name } = await booked(client());
  const error = await refused(schakel.consultation.cancelConsultation({ name, etag: '999' }));
  assert.deepEqual([error.code, error.reason], [Code.Aborted, 'ETAG_MISMATCH']);
  assert.equal(between.calls.length, 1);
});

test('a list comes whole, however small its pages', async () => {
  await using between = await Between.open(address);
  const { listSchools } = client({ address: between.address }).directory;
  const names = async (pageSize: number) => {
    const found = [];
    for await (const school of every(listSchools, { pageSize })) found.push(school.name);
    return found;
  };
  const whole = await names(200);
  assert.ok(whole.length > 3);
  between.calls.length = 0;
  assert.deepEqual(await names(3), whole);
  assert.equal(between.calls.length, Math.ceil(whole.length / 3));
});

test('a watch of cases goes on behind the last change after a break', async () => {
  await using between = await Between.open(address);
  const away = client({ address: between.address });
  const end = new AbortController();
  const changes = watchCases(away, { case: about }, { signal: end.signal });
  const first = changes.next();
  await until(() => between.calls.length > 0);
  const begun = (await told(first)).value;
  assert.equal(begun?.case, about);
  const { name, etag } = await booked(client());
  between.refuse = 2;
  between.cut();
  await client().consultation.cancelConsultation({ name, etag });
  const seen = new Set([begun?.name]);
  for await (const change of changes) {
    assert.ok(!seen.has(change.name), 'each is told once');
    seen.add(change.name);
    // That it was booked may be told before the break or behind it; that it was called off, behind it.
    if (change.kind === CaseChange_Kind.CONSULTATION_CANCELLED) break;
  }
  assert.ok(between.calls.length >= 4);
  end.abort();
});

test('a watch of meetings tells what it missed', async () => {
  await using between = await Between.open(address);
  const end = new AbortController();
  const changes = watchConsultations(client({ address: between.address }), { case: about }, { signal: end.signal });
  const told = async (wanted: (meeting: Consultation) => boolean) => {
    for (;;) {
      const { value } = await changes.next();
      if (value && wanted(value)) return value;
    }
  };
  const waiting = told(() => true);
  await until(() => between.calls.some((path) => path.endsWith('/WatchConsultations')));
  const { name, etag } = await booked(client());
  assert.equal((await waiting).name, name);
  between.refuse = 3;
  between.cut();
  await client().consultation.cancelConsultation({ name, etag });
  const last = await told((meeting) => meeting.name === name && meeting.state === Consultation_State.CANCELLED);
  assert.equal(last.name, name);
  const over = changes.next();
  end.abort();
  assert.equal((await over).done, true, 'it ends quietly when it is asked to');
});

test('a watch that is left is closed', async () => {
  await using between = await Between.open(address);
  const away = client({ address: between.address });
  for (const watch of [watchCases, watchConsultations]) {
    const changes = watch(away, { case: about });
    const first: Promise<unknown> = changes.next();
    await until(() => between.calls.some((path) => path.includes('/Watch')));
    await told(first);
    await until(() => between.open === 1);
    await changes.return(undefined);
    await until(() => between.open === 0);
    between.calls.length = 0;
  }
});

test('a watch that may not be is refused', async () => {
  const changes = watchCases(client({ token: 'ska_x' }));
  assert.equal((await refused(changes.next())).code, Code.Unauthenticated);
});

test('a file is imported over gRPC, which a browser cannot', async () => {
  const file = process.env['SCHAKEL_IMPORT'];
  const admin = process.env['SCHAKEL_ADMIN_TOKEN'];
  assert.ok(file && admin);
  const { directory } = client({ token: admin, transport: createGrpcTransport });
  const bytes = readFileSync(file);
  async function* chunks() {
    const first = { kind: ImportRequest_Kind.SCHOOLS, dryRun: true, requestId: crypto.randomUUID() };
    for (let at = 0; at < bytes.length; at += 65_536) yield { ...first, chunk: bytes.subarray(at, at + 65_536) };
  }
  const told = await directory.import(chunks());
  assert.ok(told.dryRun && told.rows > 3);
  assert.equal(told.badRowCount, 0);
});

/** Books until a watch tells of it: what happened before the server took it up is none of its news. */
async function told<T>(next: Promise<T>): Promise<T> {
  let come = false;
  const told = next.finally(() => {
    come = true;
  });
  while (!come) {
    await booked(client());
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 1000))]);
  }
  return told;
}

async function until(so: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!so()) {
    assert.ok(Date.now() < end, `half a minute has passed: ${String(so)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // What was asked for has arrived at the server a moment after it came by.
  await new Promise((resolve) => setTimeout(resolve, 300));
}
