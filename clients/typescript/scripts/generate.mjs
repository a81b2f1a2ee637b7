// Makes src/generated from the protos, and the list of all services; nothing of it is kept in the repository.
// Where the protos are is told by SCHAKEL_PROTO; without it, where they are in the repository.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const api = resolve(process.env.SCHAKEL_PROTO || join(here, '../../proto'));
const out = join(here, 'src/generated');
const bin = (name) => join(here, 'node_modules/.bin', name);

const plugin = { local: bin('protoc-gen-es'), out, opt: ['target=ts', 'import_extension=js'] };
const template = JSON.stringify({ version: 'v2', plugins: [plugin] });
rmSync(out, { recursive: true, force: true });
for (const protos of [api, join(here, 'proto')]) {
  execFileSync(bin('buf'), ['generate', '--template', template, protos], { cwd: here, stdio: 'inherit' });
}

const files = readdirSync(join(api, 'schakel/v1')).filter((file) => file.endsWith('.proto')).sort();
const services = files.flatMap((file) => {
  const text = readFileSync(join(api, 'schakel/v1', file), 'utf8');
  return [...text.matchAll(/((?:^\/\/.*\n)*)^service (\w+)Service \{/gm)].map(([, said, subject]) => ({
    module: `./schakel/v1/${file.replace('.proto', '_pb.js')}`,
    subject,
    name: subject[0].toLowerCase() + subject.slice(1),
    said: said.replaceAll(/^\/\/ ?/gm, '').trim().replaceAll('\n', ' '),
  }));
});
writeFileSync(
  join(out, 'index.ts'),
  [
    '// Everything that the API has; made by scripts/generate.mjs.',
    ...files.map((file) => `export * from './schakel/v1/${file.replace('.proto', '_pb.js')}';`),
    ...services.map((it) => `import { ${it.subject}Service } from '${it.module}';`),
    '',
    '/** Every service by its subject. */',
    'export const services = {',
    ...services.map((it) => `  /** ${it.said} */\n  ${it.name}: ${it.subject}Service,`),
    '};',
    '',
  ].join('\n'),
);
console.log(`${files.length} files, ${services.length} services`);
