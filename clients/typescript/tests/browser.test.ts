// The page of examples/browser in a real browser, with nothing but its own origin to ask.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { address, booked, client, token } from './given.js';

const tools = createRequire(join(process.env['SCHAKEL_TEST_BROWSER_TOOLS'] ?? '', 'index.js'));
const executablePath = process.env['SCHAKEL_TEST_CHROMIUM'];

test('the page lists a meeting that was booked, and asks nobody but its own origin', async () => {
  const meeting = await booked(client());
  const script = fileURLToPath(new URL('../examples/browser/serve.js', import.meta.url));
  const serving = spawn(process.execPath, [script, address, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const browser = await tools('playwright-core').chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const [origin] = await new Promise<string[]>((resolve) =>
      createInterface(serving.stdout).once('line', (line) => resolve([line])),
    );
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request: { url(): string }) => asked.push(request.url()));
    page.on('console', (message: { text(): string }) => complaints.push(message.text()));
    page.on('pageerror', (error: Error) => complaints.push(String(error)));
    await page.goto(origin);
    await page.getByLabel('Token').fill('ska_x');
    await page.getByRole('button').click();
    await page.getByText('niet').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button').click();
    await page.getByRole('listitem').filter({ hasText: meeting.reference }).waitFor();
    assert.deepEqual(complaints, []);
    const elsewhere = asked.filter((url) => !url.startsWith(origin ?? '') && !url.startsWith('data:'));
    assert.deepEqual(elsewhere, []);
    assert.ok(asked.some((url) => url.includes('/schakel.v1.ConsultationService/')));
    // The page's own policy lets no script in from outside, so axe is handed to the browser itself.
    const axe = readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(axe);
    const { violations } = await page.evaluate('axe.run()');
    assert.deepEqual(violations.map((it: { id: string }) => it.id), []);
  } finally {
    await browser.close();
    serving.kill();
  }
});
