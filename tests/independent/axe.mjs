// Opens documents in Chromium and tells what shuts people out, as axe finds it. Arguments: the
// folder of node_modules, the browser, and, if pictures are wanted, a folder for them. On stdin a
// JSON list of { name, html }; on stdout for each a list of faults, none when there are none.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, executablePath, pictures] = process.argv.slice(2);
const require = createRequire(join(modules, 'index.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// WCAG 2.2 at level AA, and what is good practice beside it.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// A telephone, at which nothing may run off the side (WCAG 1.4.10), and a screen.
const widths = [320, 1280];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const told = [];
for (const { name, html } of JSON.parse(readFileSync(0, 'utf8'))) {
  const faults = [];
  for (const width of widths) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      const fetched = [];
      page.on('request', (request) => fetched.push(request.url()));
      await page.setContent(html);
      if (pictures && colorScheme === 'light') {
        await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
      }
      const where = `${width} ${colorScheme}`;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      if (wide) faults.push(`${where}: runs off the side`);
      for (const url of fetched) faults.push(`${where}: fetches ${url}`);
      await page.addScriptTag({ content: axe });
      const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
      for (const { id, nodes } of found.violations) {
        faults.push(`${where}: ${id}: ${nodes.map((node) => node.html).join(' ')}`);
      }
      await context.close();
    }
  }
  told.push(faults);
}
await browser.close();
process.stdout.write(JSON.stringify(told));
