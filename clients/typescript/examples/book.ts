// Finds a time at which everybody can meet, and books it; prints the reference of the meeting.

import { parseArgs } from 'node:util';
import {
  Case_Parent_Gezag,
  Consultation_Kind,
  Consultation_Place,
  Role,
  SchakelError,
  createSchakel,
  durationFromMs,
  timestampDate,
} from '@schakel/client';

const text = { type: 'string' } as const;
const { values: given } = parseArgs({
  options: {
    server: { ...text, default: process.env['SCHAKEL_SERVER'] ?? 'http://127.0.0.1:8480' },
    'acting-for': text,
    school: text,
    case: text,
    seat: { ...text, multiple: true, default: ['SMW'] },
    minutes: { ...text, default: '60' },
  },
});
const { school, case: about } = given;
const token = process.env['SCHAKEL_TOKEN'];
const names = Object.keys(Role).filter((name) => Number.isNaN(Number(name)) && name !== 'UNSPECIFIED');
const unknown = given.seat.filter((name) => !names.includes(name));
if (!token || !school || !about || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no role: ${unknown.join(', ')}; one of: ${names.join(', ')}`);
  console.error(
    'usage: SCHAKEL_TOKEN=ska_… book.js --school schools/… --case cases/… [--seat SMW]… [--minutes 60]\n' +
      '       [--server http://127.0.0.1:8480, or SCHAKEL_SERVER] [--acting-for organisations/…]',
  );
  process.exit(64);
}

const actingFor = given['acting-for'];
const schakel = createSchakel({ address: given.server, token, language: 'en', ...(actingFor && { actingFor }) });
const duration = durationFromMs(Number(given.minutes) * 60_000);

try {
  // Who sits at the table: the caller, every parent with gezag, and the roles that were asked for.
  const me = await schakel.access.whoAmI({});
  const { parents } = await schakel.thuiszitter.getCase({ name: about });
  const withGezag = parents.filter((parent) => parent.gezag === Case_Parent_Gezag.YES);
  const people = [me.person, ...withGezag.map((parent) => parent.person)];
  const roles = given.seat.map((name) => Role[name as keyof typeof Role]);
  const seats = [
    ...people.map((value) => ({ who: { case: 'person' as const, value } })),
    ...roles.map((value) => ({ who: { case: 'role' as const, value } })),
  ];

  // With the kind only times at which it may still be booked come back.
  const kind = Consultation_Kind.MDO;
  const { slots, obstacles } = await schakel.availability.findSlots({ school, case: about, seats, duration, kind });
  const [best] = slots;
  if (!best?.startTime) {
    for (const { text } of obstacles) console.error(text);
    throw new Error('there is no time at which everybody can meet');
  }
  for (const { text } of best.reasons) console.error(`  ${text}`);

  // The client fills in `requestId`: sent twice, it is booked once.
  const meeting = await schakel.consultation.bookConsultation({
    consultation: {
      kind,
      place: Consultation_Place.SCHOOL,
      startTime: best.startTime,
      duration,
      school,
      case: about,
      participants: best.seats.map(({ person, role }) => ({ person, role })),
    },
  });
  console.error(`booked at ${timestampDate(best.startTime).toISOString()}`);
  console.log(meeting.reference);
} catch (thrown) {
  const away = thrown instanceof SchakelError && thrown.unreachable ? `${given.server}: ` : '';
  console.error(away + (thrown instanceof SchakelError ? thrown.message : String(thrown)));
  process.exitCode = 1;
}
