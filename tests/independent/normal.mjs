// Reads calendars with ical.js, the file of which is the only argument: their texts as JSON on
// stdin, what each says on stdout, in the form that normal.py describes.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));

// jCal (RFC 7265) keeps what VALUE said beside the parameters.
const typed = ['refresh-interval', 'source'];

function text(type, value) {
  switch (type) {
    case 'date-time':
    case 'utc-offset':
      return value.replace(/[:-]/g, (sign, at) => (at === 0 ? sign : ''));
    case 'period':
      return value.map((part) => text(part.startsWith('P') ? 'duration' : 'date-time', part)).join('/');
    case 'recur':
      return Object.entries(value).map(([name, part]) => `${name.toUpperCase()}=${part}`).join(';');
    case 'unknown':
      return value.replace(/\\[nN\\;,]/g, (found) => (/n/i.test(found) ? '\n' : found[1]));
    default:
      return String(value);
  }
}

function property([name, parameters, type, ...values]) {
  if (values.length !== 1) throw new Error(`${name} has ${values.length} values`);
  const told = Object.entries(parameters).map(([key, many]) => [key.toUpperCase(), [many].flat()]);
  if (typed.includes(name)) told.push(['VALUE', [type.toUpperCase()]]);
  return [name.toUpperCase(), told, text(type, values[0])];
}

function component([name, properties, components]) {
  return [name.toUpperCase(), properties.map(property), components.map(component)];
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map((asked) => {
  try {
    const read = ICAL.parse(asked);
    return (Array.isArray(read[0]) ? read : [read]).map(component);
  } catch (error) {
    return String(error);
  }
});
process.stdout.write(JSON.stringify(answers));
