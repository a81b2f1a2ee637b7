// Lists that come in pages, as one sequence.

import type { CallOptions } from '@connectrpc/connect';

/** What an answer in pages holds a list of. */
export type Item<Page> = {
  [Key in Exclude<keyof Page, '$unknown'>]-?: Page[Key] extends readonly (infer T)[] ? T : never;
}[Exclude<keyof Page, '$unknown'>];

/**
 * Everything that a list method finds, page after page, asked for as it is needed.
 *
 * ```ts
 * for await (const school of every(schakel.directory.listSchools, {})) …
 * ```
 */
export async function* every<Request extends object, Page extends { nextPageToken: string }>(
  method: (request: Request, options?: CallOptions) => Promise<Page>,
  request: Request,
  options?: CallOptions,
): AsyncGenerator<Item<Page>> {
  let pageToken = '';
  do {
    const page = await method({ ...request, ...(pageToken && { pageToken }) }, options);
    // A page has one list, and the token of the next.
    const [, list] = Object.entries(page).find(([name, value]) => name !== '$unknown' && Array.isArray(value)) ?? [];
    yield* (list ?? []) as Item<Page>[];
    pageToken = page.nextPageToken;
  } while (pageToken);
}
