// Bundles the page of examples/browser into one script, beside its document.

import { buildSync } from 'esbuild';
import { copyFileSync } from 'node:fs';

const to = 'dist/examples/browser';
buildSync({
  entryPoints: ['examples/browser/main.ts'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // Calls are made of the sources here, and not of a package that was published before.
  alias: { '@schakel/client': './src/index.ts' },
  outfile: `${to}/main.js`,
  allowOverwrite: true,
});
for (const file of ['index.html', 'style.css']) copyFileSync(`examples/browser/${file}`, `${to}/${file}`);
