// Lists the coming meetings of whoever holds the token, which stays in this page's memory.

import { Consultation_Place, SchakelError, createSchakel, every, timestampDate, type Consultation } from '@schakel/client';

const form = document.querySelector('form')!;
const status = document.querySelector('[role=status]')!;
const list = document.querySelector('ul')!;
const when = new Intl.DateTimeFormat('nl', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Europe/Amsterdam' });
const places: Partial<Record<Consultation_Place, string>> = {
  [Consultation_Place.SCHOOL]: 'op school',
  [Consultation_Place.TEAM]: 'bij het team',
  [Consultation_Place.ONLINE]: 'online',
  [Consultation_Place.PHONE]: 'telefonisch',
};

function line(meeting: Consultation): HTMLLIElement {
  const item = document.createElement('li');
  const start = meeting.startTime ? when.format(timestampDate(meeting.startTime)) : '';
  item.textContent = [start, places[meeting.place], meeting.reference].filter(Boolean).join(', ');
  return item;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  list.replaceChildren();
  status.textContent = 'Even geduld…';
  const token = form.querySelector('input')!.value.trim();
  // The page and the API have one origin: the server lets no other one in.
  const schakel = createSchakel({ address: location.origin, token, language: 'nl' });
  try {
    for await (const meeting of every(schakel.consultation.listConsultations, {})) list.append(line(meeting));
    status.textContent = list.children.length ? '' : 'Er zijn geen afspraken.';
  } catch (thrown) {
    status.textContent = SchakelError.from(thrown).text;
  }
});
