// The server that the tests are given, and a meeting at it.

import {
  Case_Parent_Gezag,
  Consultation_Kind,
  Consultation_Place,
  Role,
  SchakelError,
  createSchakel,
  durationFromMs,
  type Consultation,
  type Schakel,
  type SchakelOptions,
} from '@schakel/client';

function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Its address. */
export const address = environment('SCHAKEL_SERVER');
/** The token of an intern begeleider. */
export const token = environment('SCHAKEL_TOKEN');
/** Her school, `schools/…`. */
export const school = environment('SCHAKEL_SCHOOL');
/** A case of that school with two parents, `cases/…`. */
export const about = environment('SCHAKEL_CASE');

/** A client of that server. */
export function client(options: Partial<SchakelOptions> = {}): Schakel {
  return createSchakel({ address, token, language: 'en', ...options });
}

const duration = durationFromMs(3_600_000);

/** A meeting about the case, not booked yet; `after` so many that are as good. */
export async function wished(schakel: Schakel, after = 0) {
  const { person } = await schakel.access.whoAmI({});
  const { parents } = await schakel.thuiszitter.getCase({ name: about });
  const people = [person];
  for (const parent of parents) if (parent.gezag === Case_Parent_Gezag.YES) people.push(parent.person);
  const seats = [
    ...people.map((value) => ({ who: { case: 'person' as const, value } })),
    { who: { case: 'role' as const, value: Role.SMW } },
  ];
  const kind = Consultation_Kind.MDO;
  const { slots } = await schakel.availability.findSlots({ school, case: about, seats, duration, kind });
  const slot = slots[after];
  if (!slot?.startTime) throw new Error('there is no such time');
  return {
    kind,
    place: Consultation_Place.SCHOOL,
    startTime: slot.startTime,
    duration,
    school,
    case: about,
    participants: slot.seats.map(({ person, role }) => ({ person, role })),
  };
}

/** A meeting that is booked. */
export async function booked(schakel: Schakel): Promise<Consultation> {
  return schakel.consultation.bookConsultation({ consultation: await wished(schakel) });
}

/** How a call was refused. */
export async function refused(call: Promise<unknown>): Promise<SchakelError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof SchakelError)) throw new Error(`not refused: ${String(thrown)}`);
  return thrown;
}
