// What the workplace says while the server works: a walk of workplace.mjs.

/** Keeps what goes to these addresses until it is let through, and counts it. */
async function gate(page, pattern) {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  const held = { came: 0, open };
  await page.route(pattern, async (route) => {
    held.came += 1;
    await opened;
    await route.continue();
  });
  return held;
}

/** Listens to what forms say while the server works, and presses their buttons once more then. */
async function listener(page) {
  const heard = [];
  let next;
  await page.exposeFunction('hear', (said) => {
    heard.push(said);
    next?.(said);
  });
  return {
    heard,
    first: () => new Promise((resolve) => { next = resolve; }),
    listen: (form) => form.evaluate((element) => {
      const words = element.querySelector('[role="status"]');
      const bar = element.querySelector('progress');
      const buttons = [...element.querySelectorAll('button')];
      new MutationObserver(() => {
        if (!words.textContent) return;
        window.hear({
          words: words.textContent,
          shown: bar.checkVisibility(),
          counts: bar.hasAttribute('value'),
          disabled: buttons.every((one) => one.ariaDisabled === 'true'),
        });
        buttons.at(-1).click();
      }).observe(words, { childList: true });
    }),
  };
}

/**
 * A file is read in: the page tells how far it is, and sends it once however often the button is pressed.
 * So does a page that is long in coming.
 */
export async function importing({ page, given, signIn, aside, arrives, button, look, shutsOut }) {
  await signIn('beheerder');
  await aside('Bestanden inlezen');
  await arrives('Bestanden inlezen');
  const { heard, first, listen } = await listener(page);
  const form = page.locator('form:has(#file)');
  await page.getByLabel('Wat staat er in het bestand').selectOption({ label: given.kind });
  await page.locator('#file').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(given.file) });
  await listen(form);
  const before = await form.locator('progress').isVisible();
  const files = await gate(page, '**/region/import/file?*');
  let told = first();
  await button('Bekijk wat er verandert').click();
  await told;
  await look();
  await shutsOut('import while a file is sent');
  files.open();
  await page.getByRole('heading', { level: 2, name: /^Dit gaat er veranderen/u }).waitFor();
  await look();
  const file = heard.splice(0);
  const sent = files.came;
  await button('Nu inlezen').click();
  await page.getByRole('heading', { level: 2, name: /^Het bestand is ingelezen/u }).waitFor();
  await look();
  await aside('Aanbod en uren');
  await arrives('Aanbod per wijk');
  await listen(page.locator('form.filter'));
  const pages = await gate(page, '**/board/supply?*');
  told = first();
  // The click of a mouse waits for the page to which it leads.
  await button('Toon').evaluate((pressed) => pressed.click());
  await told;
  pages.open();
  await page.waitForURL(/school_year=/u);
  await arrives('Aanbod per wijk');
  const after = await page.locator('form.filter progress').isVisible();
  return { before, file, sent, page: heard, asked: pages.came, after };
}
