//! Messages as no client of ours would send them, byte by byte over gRPC-web.

use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_tests::{TestServer, http::Http, reason};
use tonic::{
    Code, Status,
    codegen::http::{HeaderMap, HeaderName, HeaderValue},
};

const WHO_AM_I: &str = "/schakel.v1.AccessService/WhoAmI";
const CREATE_TOKEN: &str = "/schakel.v1.AccessService/CreateToken";

/// A server, and a stranger's way into it with the administrator's token.
struct Wire {
    server: TestServer,
    http: Http,
}

impl Wire {
    async fn open() -> Self {
        let server = TestServer::start().await;
        let http = server.http().await;
        Self { server, http }
    }

    /// What the server says of `body`, with `more` headers.
    async fn says(&self, method: &str, more: &[(&str, &str)], body: &[u8]) -> Status {
        let bearer = format!("Bearer {}", self.server.founded.secret);
        let mut headers = vec![
            ("content-type", "application/grpc-web+proto"),
            ("authorization", bearer.as_str()),
            ("accept-language", "en"),
        ];
        headers.extend_from_slice(more);
        let answer = self.http.send_bytes("POST", method, &headers, body).await;
        assert_eq!(answer.status, 200, "{method}: {}", answer.body);
        let told = answer.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
        let told: HeaderMap = told.chain(trailers(&answer.bytes)).map(header).collect();
        let status = Status::from_header_map(&told).expect("a status, in the headers or behind the body");
        for word in ["prost", "decod", "delimited", "varint", "utf-8", "UTF-8", "gzip", "src/"] {
            assert!(!status.message().contains(word), "{word} is the framework's: {status:?}");
        }
        status
    }

    /// The code and the reason of the same.
    async fn refuses(&self, method: &str, more: &[(&str, &str)], body: &[u8]) -> (Code, String) {
        let status = self.says(method, more, body).await;
        (status.code(), reason(&status))
    }
}

fn header((name, value): (String, String)) -> (HeaderName, HeaderValue) {
    (name.parse().unwrap(), value.parse().unwrap())
}

/// The last frame of a gRPC-web answer holds what HTTP/1.1 has no trailers for.
fn trailers(mut body: &[u8]) -> Vec<(String, String)> {
    while let Some((head, rest)) = body.split_at_checked(5) {
        let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
        let (frame, rest) = rest.split_at_checked(length).unwrap_or_default();
        if head[0] & 0x80 != 0 {
            let text = String::from_utf8(frame.to_vec()).unwrap();
            let pairs = text.lines().filter_map(|line| line.split_once(':'));
            return pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        }
        body = rest;
    }
    Vec::new()
}

/// A frame with this flag around `message`.
fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    [&[flag], length.to_be_bytes().as_slice(), message].concat()
}

/// The head of a frame that promises `length` bytes and holds none.
fn promise(length: u32) -> Vec<u8> {
    [&[0], length.to_be_bytes().as_slice()].concat()
}

fn code(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}

// reliability: too long is told before it is read.
#[tokio::test]
async fn x12_a_message_that_is_too_long_is_refused_by_its_length_alone() {
    let wire = Wire::open().await;
    let refused = code(Code::ResourceExhausted, "MESSAGE_TOO_LARGE");
    for length in [(1 << 20) + 1, u32::MAX] {
        assert_eq!(wire.refuses(WHO_AM_I, &[], &promise(length)).await, refused, "{length}");
    }
    let long = pb::CreateTokenRequest {
        display_name: "a".repeat(2 << 20),
        valid_days: 2,
        request_id: wire.server.request_id(),
    };
    let mut access = AccessServiceClient::new(wire.server.administrator());
    let status = access.create_token(long).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), refused);
    assert!(access.who_am_i(pb::WhoAmIRequest {}).await.is_ok(), "the connection goes on");
}

#[tokio::test]
async fn x12_nothing_is_ever_unpacked() {
    let wire = Wire::open().await;
    let refused = code(Code::InvalidArgument, "MALFORMED_FRAME");
    assert_eq!(wire.refuses(WHO_AM_I, &[], &frame(1, b"")).await, refused, "no encoding is named");
    assert_eq!(wire.refuses(WHO_AM_I, &[], &frame(2, b"")).await, refused, "no such flag");
    assert_eq!(wire.refuses(WHO_AM_I, &[], &promise(10)).await, refused, "the promise is not kept");
    assert_eq!(wire.refuses(WHO_AM_I, &[], b"\0\0").await, refused, "half a head");
    assert_eq!(wire.refuses(WHO_AM_I, &[], b"").await, refused, "no frame at all");
    // RFC 1952: nothing, packed. Whoever unpacked it would find a good message and answer.
    let packed = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0";
    for encoding in ["gzip", "deflate", "zstd", "nonsense"] {
        let heard = wire.refuses(WHO_AM_I, &[("grpc-encoding", encoding)], &frame(1, packed)).await;
        assert_eq!(heard, refused, "{encoding}");
    }
}

#[tokio::test]
async fn x12_a_message_that_cannot_be_read_is_told_without_a_word_of_the_reader() {
    let wire = Wire::open().await;
    let refused = code(Code::InvalidArgument, "MALFORMED_MESSAGE");
    // Field 1012, opened and closed as often: well-formed, and deeper than any reader should follow.
    let nested = [[0xa3, 0x3f].repeat(200), [0xa4, 0x3f].repeat(200)].concat();
    for (what, message) in [
        ("a text that is cut off", b"\x0a\x20abc".as_slice()),
        ("a text that is not UTF-8", b"\x0a\x02\xff\xfe"),
        ("a number for a text", b"\x08\x01"),
        ("a number without end", b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("field nought", b"\x02\x00"),
        ("a group that is never closed", b"\x0b"),
        ("two hundred groups in each other", nested.as_slice()),
    ] {
        assert_eq!(wire.refuses(CREATE_TOKEN, &[], &frame(0, message)).await, refused, "{what}");
    }
}

#[tokio::test]
async fn x12_fields_that_nobody_knows_are_passed_over() {
    let wire = Wire::open().await;
    // Field 1000, length-delimited, of 900 KiB.
    let unknown = [b"\xc2\x3e\x80\xa0\x38".as_slice(), &vec![7; 900 << 10]].concat();
    assert_eq!(wire.refuses(WHO_AM_I, &[], &frame(0, &unknown)).await, code(Code::Ok, ""));
}

#[tokio::test]
async fn x12_what_does_not_exist_is_told_as_such() {
    let wire = Wire::open().await;
    for method in ["/schakel.v1.AccessService/Nothing", "/schakel.v1.Nothing/WhoAmI", "/nothing"] {
        let heard = wire.refuses(method, &[], &frame(0, b"")).await;
        assert_eq!(heard, code(Code::Unimplemented, "METHOD_UNKNOWN"), "{method}");
    }
}

#[tokio::test]
async fn x12_a_deadline_that_has_passed_ends_the_call_and_a_strange_one_is_ignored() {
    let wire = Wire::open().await;
    let late = wire.refuses(WHO_AM_I, &[("grpc-timeout", "1n")], &frame(0, b"")).await;
    assert_eq!(late, code(Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    for strange in ["99999999S", "99999999H", "abc", "-1S", "1", "99999999999999999999S"] {
        let heard = wire.refuses(WHO_AM_I, &[("grpc-timeout", strange)], &frame(0, b"")).await;
        assert_eq!(heard, code(Code::Ok, ""), "{strange}");
    }
}
