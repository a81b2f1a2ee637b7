// What stands between client and server and goes wrong when told to: answers lost, calls refused, streams cut.

import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';

/** A way to the server that breaks. */
export class Between implements AsyncDisposable {
  /** Where it listens. */
  address = '';
  /** The paths of all calls that came by. */
  readonly calls: string[] = [];
  /** So many calls are refused before the server hears of them. */
  refuse = 0;
  /** So many answers are lost after the server has done what was asked. */
  lose = 0;
  readonly #open = new Set<http.ServerResponse>();
  readonly #server;

  private constructor(server: string) {
    const { request } = server.startsWith('https:') ? https : http;
    this.#server = http.createServer((asked, answer) => {
      this.calls.push(asked.url ?? '');
      if (this.refuse > 0) {
        this.refuse -= 1;
        answer.writeHead(200, { 'content-type': 'application/grpc-web+proto', 'grpc-status': '14' }).end();
        return;
      }
      const lost = this.lose > 0;
      if (lost) this.lose -= 1;
      this.#open.add(answer);
      const { method } = asked;
      const headers = { ...asked.headers, host: new URL(server).host };
      const on = request(new URL(asked.url ?? '/', server), { method, headers }, (told) => {
        if (lost) {
          told.resume().on('end', () => answer.destroy());
          return;
        }
        answer.writeHead(told.statusCode ?? 502, told.headers);
        answer.flushHeaders();
        told.pipe(answer);
      });
      on.on('error', () => answer.destroy());
      answer.on('close', () => {
        this.#open.delete(answer);
        on.destroy();
      });
      asked.pipe(on);
    });
  }

  static async open(server: string): Promise<Between> {
    const between = new Between(server);
    await new Promise<void>((resolve) => between.#server.listen(0, '127.0.0.1', resolve));
    between.address = `http://127.0.0.1:${(between.#server.address() as AddressInfo).port}`;
    return between;
  }

  /** How many calls wait for the end of their answer. */
  get open(): number {
    return this.#open.size;
  }

  /** Cuts everything that is open. */
  cut(): void {
    for (const answer of this.#open) answer.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
