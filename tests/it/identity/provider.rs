//! An identity provider of the test's own: real HTTP on a real port, keys that it can change.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair},
};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use schakel_server::settings::{Algorithm, AuthSettings, IssuerSettings, Network};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// Who tokens are meant for.
pub(crate) const AUDIENCE: &str = "https://schakel.example";

/// A key pair with its name.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) kid: String,
    pair: Arc<Pair>,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair, Algorithm),
}

impl Signer {
    fn new(kid: &str, pair: Pair) -> Self {
        Self { kid: kid.to_owned(), pair: Arc::new(pair) }
    }

    pub(crate) fn ed25519(kid: &str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::new(kid, Pair::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap()))
    }

    pub(crate) fn p256(kid: &str) -> Self {
        let (curve, random) = (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(curve, &random).unwrap();
        Self::new(kid, Pair::P256(EcdsaKeyPair::from_pkcs8(curve, pkcs8.as_ref(), &random).unwrap()))
    }

    /// The one RSA key of these tests: ring makes none.
    pub(crate) fn rsa(kid: &str, algorithm: Algorithm) -> Self {
        let pem = include_bytes!("rsa_for_tests.pem");
        let der = PrivateKeyDer::from_pem_slice(pem).unwrap();
        Self::new(kid, Pair::Rsa(RsaKeyPair::from_pkcs8(der.secret_der()).unwrap(), algorithm))
    }

    fn alg(&self) -> &'static str {
        match &*self.pair {
            Pair::Ed25519(_) => "EdDSA",
            Pair::P256(_) => "ES256",
            Pair::Rsa(_, Algorithm::PS256) => "PS256",
            Pair::Rsa(..) => "RS256",
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair, algorithm) => {
                let padding: &dyn signature::RsaEncoding = match algorithm {
                    Algorithm::PS256 => &signature::RSA_PSS_SHA256,
                    Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDsa => &signature::RSA_PKCS1_SHA256,
                };
                let mut signed = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, message, &mut signed).unwrap();
                signed
            }
        }
    }

    /// Its public half, as published.
    pub(crate) fn published(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let kid = &self.kid;
        match &*self.pair {
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(pair.public_key().as_ref())})
            }
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (text(&point[1..33]), text(&point[33..]));
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": x, "y": y, "use": "sig"})
            }
            Pair::Rsa(pair, _) => {
                let signature::RsaPublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
                json!({"kty": "RSA", "kid": kid, "n": text(&n), "e": text(&e), "use": "sig", "alg": self.alg()})
            }
        }
    }

    /// A token with `claims`, and a header of its own.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({"alg": self.alg(), "kid": self.kid, "typ": "at+jwt"}), claims)
    }

    /// A token with any header, signed all the same.
    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let signature = self.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What would be signed.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// How the provider answers.
#[derive(Clone)]
pub(crate) enum Manner {
    Well,
    /// With this head and body, to everything.
    Like(String, String),
    /// The connection closes.
    NotAtAll,
}

struct State {
    keys: Vec<Value>,
    issuer: String,
    jwks_uri: String,
    /// Where browsers go, as its document says it.
    browsers: Value,
    manner: Manner,
    asked: Vec<String>,
}

/// The provider.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Provider {
    /// Over plain HTTP on this machine.
    pub(crate) async fn start(keys: &[&Signer]) -> Self {
        Self::serve("http://127.0.0.1", None, keys).await
    }

    /// Over TLS, as `localhost`.
    pub(crate) async fn start_tls(acceptor: TlsAcceptor, keys: &[&Signer]) -> Self {
        Self::serve("https://localhost", Some(acceptor), keys).await
    }

    async fn serve(base: &str, tls: Option<TlsAcceptor>, keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{base}:{}", listener.local_addr().unwrap().port());
        let state = Arc::new(Mutex::new(State {
            keys: keys.iter().map(|key| key.published()).collect(),
            issuer: url.clone(),
            jwks_uri: format!("{url}/jwks"),
            browsers: json!({}),
            manner: Manner::Well,
            asked: Vec::new(),
        }));
        let provider = Self { url, state };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, tls) = (serving.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serving.converse(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serving.converse(stream).await;
                            }
                        }
                    }
                });
            }
        });
        provider
    }

    async fn converse(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut head = Vec::new();
        let mut chunk = [0; 2048];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            match stream.read(&mut chunk).await {
                Ok(read) if read > 0 => head.extend_from_slice(&chunk[..read]),
                _ => return,
            }
        }
        let path = String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().to_owned();
        let answer = self.answer(&path);
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    fn answer(&self, path: &str) -> String {
        let mut state = self.state.lock().unwrap();
        state.asked.push(path.to_owned());
        let (head, body) = match &state.manner {
            Manner::NotAtAll => return String::new(),
            Manner::Like(head, body) => (head.clone(), body.clone()),
            Manner::Well if path == "/jwks" => ("200 OK".to_owned(), json!({"keys": state.keys}).to_string()),
            Manner::Well => {
                let document =
                    but(&json!({"issuer": state.issuer, "jwks_uri": state.jwks_uri}), state.browsers.clone());
                ("200 OK".to_owned(), document.to_string())
            }
        };
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
    }

    pub(crate) fn publish(&self, keys: &[&Signer]) {
        self.state.lock().unwrap().keys = keys.iter().map(|key| key.published()).collect();
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.state.lock().unwrap().manner = manner;
    }

    pub(crate) fn call_itself(&self, issuer: &str) {
        issuer.clone_into(&mut self.state.lock().unwrap().issuer);
    }

    pub(crate) fn keep_keys_at(&self, jwks_uri: &str) {
        jwks_uri.clone_into(&mut self.state.lock().unwrap().jwks_uri);
    }

    /// Lets people sign in, and sign out at `end_session` when there is such an address.
    pub(crate) fn send_browsers(&self, end_session: Option<&str>) {
        let url = &self.url;
        let (authorization, token) = (format!("{url}/authorize"), format!("{url}/token"));
        let mut ways = json!({"authorization_endpoint": authorization, "token_endpoint": token});
        if let Some(end_session) = end_session {
            ways["end_session_endpoint"] = end_session.into();
        }
        self.state.lock().unwrap().browsers = ways;
    }

    /// The paths that were asked for since this was asked last.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }

    /// To be believed, on this machine.
    pub(crate) fn settings(&self) -> IssuerSettings {
        IssuerSettings {
            url: self.url.clone(),
            audience: AUDIENCE.into(),
            algorithms: Algorithm::all(),
            ca_file: None,
            network: Network::Loopback,
            key_hosts: Vec::new(),
            required_acr: Vec::new(),
            user_lifetime_seconds: 3600,
            system_lifetime_seconds: 6 * 3600,
            sign_in: None,
        }
    }

    /// Alone to be believed.
    pub(crate) fn auth(&self) -> AuthSettings {
        AuthSettings { issuer: vec![self.settings()], builtin_issuer: false }
    }

    /// What a good token says at `now`, in seconds.
    pub(crate) fn claims(&self, subject: &str, now: i64) -> Value {
        json!({"iss": self.url, "sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + 600})
    }
}

/// `claims` with some of them replaced, or with null left out.
pub(crate) fn but(claims: &Value, changes: Value) -> Value {
    let mut claims = claims.clone();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (name, value) in changes {
        let all = claims.as_object_mut().unwrap();
        if value.is_null() {
            all.remove(&name);
        } else {
            all.insert(name, value);
        }
    }
    claims
}
