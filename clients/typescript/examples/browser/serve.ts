// Serves the page and hands the calls on to the server, so that both have one origin, as a proxy in
// front of a real server does. Usage: serve.js [http://127.0.0.1:8480 [port]]

import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const [address = 'http://127.0.0.1:8480', port = '8490'] = process.argv.slice(2);
const files: Record<string, [file: string, type: string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/main.js': ['main.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
};

const server = createServer((asked, answer) => {
  const path = asked.url ?? '/';
  if (path.startsWith('/schakel.v1.')) {
    const { method, headers } = asked;
    const on = request(new URL(path, address), { method, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    on.on('error', () => answer.writeHead(502).end());
    answer.on('close', () => on.destroy());
    asked.pipe(on);
    return;
  }
  const found = files[path];
  if (!found) return void answer.writeHead(404).end();
  const [file, type] = found;
  answer.writeHead(200, {
    'content-type': type,
    'content-security-policy': "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
    'x-content-type-options': 'nosniff',
  });
  answer.end(readFileSync(new URL(file, import.meta.url)));
});
server.listen(Number(port), '127.0.0.1', () => {
  const bound = server.address();
  console.log(`http://127.0.0.1:${bound && typeof bound === 'object' ? bound.port : port}/`);
});
