// Walks through the workplace in Chromium as somebody who reads Dutch does, and tells what the pages
// said. Arguments: the folder of node_modules, the browser, the server, the name of a walk (below
// `walks`) and, if pictures are wanted, a folder for them. On stdin a JSON object with what the walk
// is about; on stdout what was seen, with `faults`: scripts that failed, pages in another language
// or wider than the window, and requests that left the server.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { importing } from './busy.mjs';

const [modules, executablePath, server, walk, pictures] = process.argv.slice(2);
const require = createRequire(join(modules, 'index.js'));
const { chromium } = require('playwright-core');
const given = JSON.parse(readFileSync(0, 'utf8'));

const faults = [];
// A page that is looked at because it is not shown.
let refused;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'nl-NL' });
context.setDefaultTimeout(60_000);
const page = await context.newPage();
// Everything that any page asks for, scripts and streams too.
page.on('request', (request) => {
  if (new URL(request.url()).origin !== server) faults.push(`leaves the server: ${request.url()}`);
});
page.on('websocket', (socket) => faults.push(`opens ${socket.url()}`));
page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
page.on('console', (message) => {
  if (message.type() === 'error' && message.location().url !== refused) faults.push(`${page.url()}: ${message.text()}`);
});

/** What is wrong with the page as it stands. */
async function look() {
  const { language, wide, width } = await page.evaluate(() => ({
    language: document.documentElement.lang,
    wide: document.documentElement.scrollWidth > window.innerWidth,
    width: window.innerWidth,
  }));
  if (language !== 'nl') faults.push(`${page.url()}: speaks ${language}`);
  if (wide) faults.push(`${page.url()}: runs off the side at ${width}`);
}

/** Whether a table of the page as it stands has to be scrolled sideways. */
async function scrolls() {
  const wide = await page.locator('.scroll').evaluateAll((all) => all.some((one) => one.scrollWidth > one.clientWidth));
  if (wide) faults.push(`${page.url()}: a table does not fit`);
}

// WCAG 2.2 at level AA, and what is good practice beside it.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let axe;

/** Whom the page as it stands shuts out, as axe finds it. */
async function shutsOut(where) {
  axe ??= readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, {
    runOnly: { type: 'tag', values }, resultTypes: ['violations'],
  }), tags);
  for (const { id, nodes } of found.violations) {
    faults.push(`${where}: ${id}: ${nodes.map((node) => node.html).join(' ')}`);
  }
}

// Two hands that do the same: one with a mouse, one that has keys alone.
const mouse = {
  press: (target) => target.click(),
  choose: (target, label) => target.selectOption({ label }),
};
const keys = {
  // Tab goes on from wherever the page has put the focus; whoever looks must see where it is.
  async reach(target) {
    const wanted = await target.elementHandle();
    for (let step = 0; step < 500; step += 1) {
      const outline = await wanted.evaluate((element) =>
        element === document.activeElement ? getComputedStyle(element).outlineStyle : undefined);
      if (outline === 'none') faults.push(`${page.url()}: the focus cannot be seen on ${target}`);
      if (outline !== undefined) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the Tab key does not reach ${target}`);
  },
  async press(target) {
    await keys.reach(target);
    await page.keyboard.press('Enter');
  },
  async choose(target, label) {
    await keys.reach(target);
    const chosen = () => target.evaluate((list) => list.selectedOptions[0].label);
    let before;
    for (let now = await chosen(); now !== label; now = await chosen()) {
      if (now === before) throw new Error(`the arrow keys do not reach ${label}`);
      before = now;
      await page.keyboard.press('ArrowDown');
    }
  },
};

const text = async (selector) => (await page.locator(selector).first().innerText()).trim();
const link = (name) => page.getByRole('main').getByRole('link', { name, exact: true }).first();
const button = (name) => page.getByRole('main').getByRole('button', { name, exact: true }).first();

/** Waits for a page by its heading. */
async function arrives(name) {
  await page.getByRole('heading', { level: 1, name, exact: typeof name === 'string' }).waitFor();
  await look();
}

async function signIn(role, hand = mouse) {
  await page.goto(`${server}/sign-in`);
  await arrives('Inloggen');
  await hand.press(page.locator('.choices button', { hasText: new RegExp(`(^|[a-zë])${role}, `, 'u') }).first());
  await arrives('Vandaag');
}

async function go(menu, title, hand = mouse) {
  await hand.press(page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: menu, exact: true }));
  await arrives(title);
}

async function aside(name, hand = mouse) {
  await go('Regio', 'Scholen', hand);
  await hand.press(page.locator('nav.side').getByRole('link', { name, exact: true }));
}

/** Opens a case from the list. */
async function openCase(reference, hand = mouse) {
  await go('Dossiers', 'Dossiers', hand);
  await hand.press(page.getByRole('main').getByRole('link', { name: reference }).first());
  await arrives(`Dossier ${reference}`);
}

/** The meeting on the page. */
async function meeting() {
  await page.waitForURL(/\/consultations\/[0-9a-f-]+$/u);
  await page.locator('[data-answers]').waitFor();
  await look();
  const table = await page.locator('[data-answers] > li').evaluateAll((items) => items.map((item) => ({
    person: item.dataset.person,
    name: item.querySelector('strong').innerText,
    answer: item.querySelector('.tag').innerText,
  })));
  return {
    name: new URL(page.url()).pathname.slice(1),
    heading: await text('h1'),
    when: await text('[data-when]'),
    state: await text('[data-state]'),
    table,
  };
}

/** From a case to a meeting about it, at the first time that is offered. */
async function book(kind, hand = mouse) {
  await hand.press(link('Overleg plannen'));
  await arrives('Overleg plannen');
  await hand.choose(page.getByLabel('Soort overleg'), kind);
  await hand.press(button('Toon tijden'));
  await page.getByRole('heading', { name: 'Tijden die kunnen' }).waitFor();
  await look();
  const offered = await text('#slot-1');
  await hand.press(button('Kies deze tijd'));
  await arrives('Overleg bevestigen');
  const confirmed = await page.locator('dl').innerText();
  await hand.press(button('Boek dit overleg'));
  return { offered, confirmed, ...await meeting() };
}

/** A new feed of one's own meetings, by its address. */
async function feed(hand = mouse) {
  await aside('Agenda-abonnementen', hand);
  await arrives('Agenda-abonnementen');
  await hand.press(button('Abonnement maken'));
  await page.locator('.secret').waitFor();
  await look();
  return text('.secret');
}

/** What Today lists, by the address of the meeting. */
async function today(hand = mouse) {
  await go('Vandaag', 'Vandaag', hand);
  return page.locator('section:has(> #week) .cards a').evaluateAll((links) => links.map((one) => one.getAttribute('href').slice(1)));
}

/** Chooses the first option that says something, or that says `words`. */
async function any(label, words = '') {
  const list = page.getByLabel(label);
  const option = list.locator('option:not([value=""])', { hasText: words }).first();
  await list.selectOption(await option.getAttribute('value'));
}

/** Fills in a form and sends it; of a choice without a value the last. */
async function write({ path, from, fields }) {
  const address = await addressed(path, from);
  await page.goto(server + address);
  for (const [name, value] of fields) {
    const field = page.locator(`main [name="${name}"]`);
    const kind = await field.first().evaluate((element) => element.type);
    if (kind === 'checkbox') await page.locator(`main [name="${name}"][value="${value}"]`).check();
    else if (kind !== 'select-one') await field.fill(value);
    else await field.selectOption(value || await field.locator('option').last().getAttribute('value'));
  }
  await page.locator('main form button:not([name])').last().click();
  await page.waitForURL((now) => now.pathname !== new URL(server + address).pathname);
}

/** The address that begins so; of a page about one thing, where the page of them all leads. */
async function addressed(path, from) {
  if (!from) return path;
  await page.goto(server + from);
  return page.locator(`main a[href^="${path}"]:not([href$="/new"])`).first().getAttribute('href');
}

async function booking(hand) {
  await signIn('intern begeleider', hand);
  await openCase(given.reference, hand);
  const seen = await book(given.kind, hand);
  return { meeting: seen, today: await today(hand), feed: await feed(hand) };
}

/** A finger or a mouse is from now on a fault of the walk, even if the walk itself used it. */
const withKeysAlone = () => context.addInitScript(() => {
  document.addEventListener('pointerdown', () => console.error('something was pointed at'), true);
});

const walks = {
  'ib-er': () => booking(mouse),
  keyboard: async () => {
    await withKeysAlone();
    return booking(keys);
  },
  // Another time for a meeting: the second of those that are offered.
  moving: async () => {
    await withKeysAlone();
    await signIn('intern begeleider', keys);
    await keys.press(link(given.meeting));
    const before = await meeting();
    await keys.press(link('Kies een andere tijd'));
    await arrives('Overleg verplaatsen');
    await keys.reach(page.locator('fieldset [name="start"]').first());
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    const chosen = await text('fieldset label:has(:checked)');
    await keys.press(button('Verplaats naar de gekozen tijd'));
    return { before, chosen, meeting: await meeting() };
  },
  // Sees on which days her team meets and who of it is away, and sends somebody else; what the meeting
  // is about she does not see.
  planner: async () => {
    await signIn('coördinator van het wijkteam');
    await page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: 'Team', exact: true }).click();
    await page.waitForURL(/\/team$/u);
    await page.goto(`${server}/team?week=${given.day}`);
    const vacancy = page.locator(`[data-vacant="${given.meeting}"]`);
    const warned = await vacancy.innerText();
    await look();
    const members = () => page.locator('section:has(> #members)').innerText();
    const before = await members();
    await vacancy.getByLabel('Wie komt').selectOption({ index: 1 });
    const comes = await vacancy.getByLabel('Wie komt').inputValue();
    await vacancy.getByRole('button', { name: /^Vervang/u }).click();
    await vacancy.waitFor({ state: 'detached' });
    await page.waitForLoadState();
    await look();
    const after = await members();
    const closed = (await context.request.get(`${server}/${given.meeting}`)).status();
    return { warned, before, comes, after, closed };
  },
  // Sees on Today what was booked with her, and writes down that she is away that day.
  away: async () => {
    await signIn('schoolmaatschappelijk werker');
    const asked = await today();
    await page.getByRole('main').getByRole('link', { name: given.meeting }).first().click();
    const seen = await meeting();
    await aside('Werktijden');
    await arrives(/^Werktijden van /u);
    await page.getByText('Afwezigheid toevoegen').click();
    await page.getByLabel('Soort').selectOption({ label: 'Afwezig' });
    await page.locator('[name="absence.valid_from"]').fill(given.day);
    await page.locator('[name="absence.valid_until"]').fill(given.day);
    await page.locator('form:has([name="absence.kind"])').getByRole('button', { name: 'Toevoegen' }).click();
    await page.getByRole('heading', { level: 3, name: 'Afwezig' }).waitFor();
    await look();
    return { asked, meeting: seen };
  },
  // Plans meetings of the clusters with whom the page proposes, and books what was found.
  planning: async () => {
    await signIn('thuiszitterscoördinator');
    await aside('Jaarplanning');
    await arrives('Jaarplanning');
    await page.locator('#first_date').fill(given.first);
    await page.locator('#last_date').fill(given.last);
    await page.locator('#meetings').fill('1');
    await button('Maak een voorstel').click();
    await page.getByRole('heading', { level: 2, name: 'Voorstel', exact: true }).waitFor();
    await look();
    await shutsOut('a year plan that is proposed');
    await page.locator('#mode').selectOption({ label: 'Wat lukt' });
    await button('Boek dit').click();
    await page.getByRole('heading', { level: 2, name: 'Geboekt', exact: true }).waitFor();
    await look();
    return { booked: await page.locator('main a[href^="/consultations/"]').count() };
  },
  // The school is warned on Today, and finds somebody else.
  replacing: async () => {
    await signIn('intern begeleider');
    const alarms = await page.locator('section.note.bad').innerText();
    await page.locator('section.note.bad').getByRole('link', { name: given.reference }).click();
    const before = await meeting();
    const warned = await page.getByText('kan niet komen. Zoek een vervanger.').isVisible()
      && await page.locator('#leaves').inputValue() === given.leaves;
    await page.locator('#comes').selectOption(given.comes);
    await button('Vervang').click();
    await page.locator(`[data-person="${given.comes.split(':')[0]}"]`).waitFor();
    return { alarms, warned, before, meeting: await meeting() };
  },
  // Brings a case further: an action, a level up, a meeting.
  'thuiszitterscoördinator': async () => {
    await signIn('thuiszitterscoördinator');
    await openCase(given.reference);
    await link('Actie toevoegen').click();
    await arrives('Actie toevoegen');
    await page.getByLabel('Kant').selectOption({ label: 'Onderwijs' });
    await page.getByLabel('Wat gebeurt er?').fill(given.action);
    await any('Welke organisatie doet het?');
    await page.getByLabel('Laatste dag').fill(given.due);
    await button('Actie toevoegen').click();
    await arrives(`Dossier ${given.reference}`);
    const plan = await page.locator('section:has(> #plan)').innerText();
    await link('Opschalen').click();
    await arrives('Opschalen');
    await page.getByLabel('Naar welk niveau?').selectOption({ label: given.level });
    await page.getByLabel('Waarom?').fill(given.reason);
    await any('Wie is nu aan zet?');
    await button('Opschalen').click();
    await arrives(`Dossier ${given.reference}`);
    const level = await page.locator('section:has(> #escalation)').innerText();
    const seen = await book(given.kind);
    await page.goto(`${server}/${given.case}`);
    await arrives(`Dossier ${given.reference}`);
    const listed = await page.locator('section:has(> #meetings)').innerText();
    return { plan, level, listed, meeting: seen };
  },
  // Finds a case in her list, writes down how her gemeente sees it, and answers the school.
  leerplichtambtenaar: async () => {
    await signIn('leerplichtambtenaar');
    const asked = await today();
    await openCase(given.reference);
    await link('Opschrijven hoe iemand het ziet').click();
    await arrives('Opschrijven hoe iemand het ziet');
    await any('Wie zegt dit?', 'uw organisatie');
    await any('Waar gaat het over?');
    await page.getByLabel('Wat zegt hij of zij?').fill(given.view);
    await button('Bewaar').click();
    await arrives(`Dossier ${given.reference}`);
    const views = await page.locator('section:has(> #views)').innerText();
    await go('Vandaag', 'Vandaag');
    await page.getByRole('main').getByRole('link', { name: given.meeting }).first().click();
    await meeting();
    await button('Ik kom').click();
    await page.locator(`[data-person="${given.person}"] .tag.accepted`).waitFor();
    const seen = await meeting();
    return { asked, views, meeting: seen, feed: await feed() };
  },
  // Where children wait, of one gemeente, and all of it as a file.
  figures: async () => {
    await signIn('thuiszitterscoördinator');
    await go('Overzicht', 'Overzicht');
    await page.getByLabel('Over', { exact: true }).selectOption({ label: given.gemeente });
    await page.getByLabel('Per', { exact: true }).selectOption({ label: 'school' });
    await button('Toon').click();
    await page.waitForURL(/scope=/u);
    await arrives('Overzicht');
    const rows = await page.locator('section:has(> #at-home) tbody tr').evaluateAll((all) =>
      all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
    const coming = page.waitForEvent('download');
    await link('Tabel als CSV').click();
    const file = await coming;
    return { rows, name: file.suggestedFilename(), csv: readFileSync(await file.path(), 'utf8') };
  },
  // What is told outside of the last month, as a file too, and how it comes out of a printer.
  policy: async () => {
    await signIn('beleidsmedewerker');
    await go('Overzicht', 'Overzicht');
    await page.getByLabel('Per', { exact: true }).selectOption({ label: 'gemeente van het kind' });
    await button('Toon').click();
    await page.waitForURL(/by=gemeente/u);
    await arrives('Overzicht');
    await page.waitForLoadState('load');
    const table = page.locator('section:has(> #at-home)');
    const rows = await table.locator('tbody tr').evaluateAll((all) =>
      all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
    const told = await table.innerText();
    const months = await page.locator('section:has(> #pictures) tbody tr').evaluateAll((all) =>
      all.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
    const drawn = await page.locator('main img').evaluateAll((all) =>
      all.map((image) => image.complete && image.naturalWidth > 0));
    const coming = page.waitForEvent('download');
    await link('Tabel als CSV').click();
    const file = await coming;
    await page.emulateMedia({ media: 'print' });
    const shown = async (selector) => page.locator(selector).first().isVisible();
    const print = {
      paper: await shown('.paper'),
      table: await shown('section:has(> #at-home) table'),
      form: await shown('form.filter'),
      menu: await shown('nav.files'),
    };
    await page.emulateMedia({ media: 'screen' });
    return {
      rows, told, months, drawn, print,
      cases: await page.locator('main a[href^="/cases"]').count(),
      name: file.suggestedFilename(), csv: readFileSync(await file.path(), 'utf8'),
    };
  },
  // Every page as people see it, on a telephone and on a screen, and whom it shuts out while its script
  // runs. What some of them tell of is written down first.
  pictures: async () => {
    const seen = {};
    let now = '';
    const become = async (role) => {
      if (role === now) return;
      await context.clearCookies();
      if (role) await signIn(role);
      now = role;
    };
    for (const form of given.writes.forms) {
      await become(form.role ?? given.writes.role);
      await write(form);
    }
    for (const { role, name, path, from, press, fits, status = 200 } of given.pages) {
      await become(role);
      const address = await addressed(path, from);
      refused = status < 400 ? undefined : server + address;
      const came = await page.goto(server + address);
      if (came.status() !== status) faults.push(`${address}: ${came.status()}`);
      if (press) await button(press).click();
      await page.getByRole('heading', { level: 1, name: press ? 'Overleg bevestigen' : undefined }).waitFor();
      seen[name] = await text('h1');
      for (const width of [320, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await look();
        if (fits && width === 1440) await scrolls();
        await shutsOut(`${name} at ${width}`);
        if (pictures) await page.screenshot({ path: join(pictures, `workplace-${name}-nl-${width}.png`), fullPage: true });
      }
    }
    return { seen };
  },
  // What takes long.
  importing: () => importing({ page, given, signIn, aside, arrives, button, look, shutsOut }),
  // The meeting is taken to another time with the mouse.
  dragging: async () => {
    await signIn('intern begeleider');
    await page.goto(`${server}/${given.meeting}`);
    const before = await meeting();
    await link('Kies een andere tijd').click();
    await arrives('Overleg verplaatsen');
    // Without scrolling on the way, which a hand cannot do while it drags.
    await page.setViewportSize({ width: 1440, height: 6000 });
    const cell = page.locator('table[data-move] td:has([name="start"])').last();
    await page.locator('[data-meeting]').dragTo(cell, { steps: 10 });
    const start = await cell.locator('[name="start"]').getAttribute('value');
    const chosen = await page.locator('[name="start"]:checked').evaluateAll((all) => all.map((one) => one.value));
    await button('Verplaats naar de gekozen tijd').click();
    return { before, start, chosen, meeting: await meeting() };
  },
  // One looks at a meeting while another answers: the page says so, and is not loaded again.
  watching: async () => {
    await signIn('intern begeleider');
    await page.goto(`${server}/${given.meeting}`);
    const before = await meeting();
    await page.locator('[data-live]').waitFor();
    await page.evaluate(() => { document.documentElement.dataset.loaded = 'once'; });
    const other = await browser.newContext({ locale: 'nl-NL' });
    const hers = await other.newPage();
    await hers.goto(`${server}/sign-in`);
    await hers.locator('.choices button', { hasText: 'schoolmaatschappelijk werker, ' }).first().click();
    await hers.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor();
    await hers.goto(`${server}/${given.meeting}`);
    await hers.getByRole('main').getByRole('button', { name: 'Ik kom', exact: true }).first().click();
    await page.locator(`[data-person="${given.person}"] .tag.accepted`).waitFor();
    const after = await meeting();
    const loaded = await page.evaluate(() => document.documentElement.dataset.loaded);
    await other.close();
    return { before, after, loaded };
  },
};

try {
  const seen = await walks[walk]();
  process.stdout.write(JSON.stringify({ ...seen, faults }));
} catch (error) {
  console.error(`${walk} at ${page.url()}: ${error.stack}\n${await page.locator('main').innerText().catch(() => '')}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
