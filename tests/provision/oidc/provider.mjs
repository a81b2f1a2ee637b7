// A real OpenID Connect provider on this machine: the npm package oidc-provider, over plain HTTP.
//
//     node provider.mjs
//
// Listens on 127.0.0.1 and prints its port. Clients `person-RS256`, `person-PS256`,
// `person-ES256` and `person-EdDSA`, secret `secret`, get JWT access tokens for the resource
// https://schakel.example by client_credentials, signed as their name says, for an hour. Client
// `browser`, secret `secret`, signs the person `browser-person` in by the code flow and out again; nobody is asked at the sign-in.
//
// POST /test/reset   seconds since 1970 as its body: that is what time it is; new keys only
// POST /test/clock   the same, with the keys that there are
// POST /test/rotate  new keys before the old ones
// POST /test/forget  the newest keys only

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const machine = Date.now;
const RESOURCE = 'https://schakel.example';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

let shift = 0;
// The tests decide what time it is.
Date.now = () => machine() + shift;

function keys() {
  const made = (alg, kind, options) => ({
    ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
    alg,
  });
  const rsa = { modulusLength: 2048 };
  return [
    made('RS256', 'rsa', rsa),
    made('PS256', 'rsa', rsa),
    made('ES256', 'ec', { namedCurve: 'P-256' }),
    made('EdDSA', 'ed25519', {}),
  ];
}

const configuration = {
  clients: ALGORITHMS.map((alg) => ({
    client_id: `person-${alg}`,
    client_secret: 'secret',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  })).concat({
    client_id: 'browser',
    client_secret: 'secret',
    grant_types: ['authorization_code'],
    redirect_uris: ['https://schakel.example/sign-in/back'],
    post_logout_redirect_uris: ['https://schakel.example/sign-in'],
    response_types: ['code'],
  }),
  interactions: { url: (_, interaction) => `/test/interaction/${interaction.uid}` },
  enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource, client) => ({
        audience: resource,
        scope: '',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: client.clientId.replace('person-', '') } },
      }),
    },
  },
};

let issuer;
let all = keys();
let provider;
let answer;

function renew() {
  provider = new Provider(issuer, { ...configuration, jwks: { keys: all } });
  answer = provider.callback();
}

// Whoever comes is the one person, and allows everything.
async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = { accountId: 'browser-person' };
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    return;
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const tests = {
  '/test/reset': (body) => {
    shift = Number(body) * 1000 - machine();
    all = keys();
  },
  '/test/clock': (body) => {
    shift = Number(body) * 1000 - machine();
  },
  '/test/rotate': () => {
    all = [...keys(), ...all.slice(0, 8)];
  },
  '/test/forget': () => {
    all = all.slice(0, 4);
  },
};

const server = createServer((request, response) => {
  if (request.url.startsWith('/test/interaction/')) {
    interact(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
    return;
  }
  const change = request.method === 'POST' && tests[request.url];
  if (!change) {
    answer(request, response);
    return;
  }
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    change(body);
    renew();
    response.end('ok\n');
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  issuer = `http://127.0.0.1:${port}`;
  renew();
  console.log(port);
});
