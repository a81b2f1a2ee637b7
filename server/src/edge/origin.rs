//! Where a request really comes from, and requests of a form that two readers may read differently.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Request, Version, header};

use crate::settings::{AddressRange, ForwardedHeader};

/// What only a proxy may say. Nobody else in the program looks at these.
const SAID_BY_PROXIES: [HeaderName; 6] = [
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-real-ip"),
];

/// The address of the client: that of the connection, or where a trusted proxy is at its other
/// end, the nearest one behind it that is no trusted proxy. Takes the headers away.
pub(crate) fn origin(
    headers: &mut HeaderMap,
    from: IpAddr,
    proxies: &[AddressRange],
    says: ForwardedHeader,
) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let mut origin = from;
    if trusted(from) {
        let told = match says {
            ForwardedHeader::XForwardedFor => list(headers, &SAID_BY_PROXIES[1]),
            ForwardedHeader::Forwarded => {
                list(headers, &header::FORWARDED).iter().map(|element| of_pair(element)).collect()
            }
        };
        // From right to left: each proxy adds whom it heard, and what stands left of the
        // first stranger is only what that stranger says.
        for text in told.iter().rev() {
            let Some(address) = address(text) else { break };
            origin = address;
            if !trusted(address) {
                break;
            }
        }
    }
    for name in SAID_BY_PROXIES {
        headers.remove(name);
    }
    origin
}

/// The elements of a header, over all its lines.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .map(|element| element.trim().to_owned())
        .collect()
}

/// The `for=` of an element of `Forwarded` (RFC 7239 §4).
fn of_pair(element: &str) -> String {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut told = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    told.next().map(|(_, value)| value.trim().trim_matches('"').to_owned()).unwrap_or_default()
}

/// With or without a port, with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').split(']').next().unwrap_or_default();
    let without_port = || text.rsplit_once(':').filter(|(host, _)| !host.contains(':')).map(|(host, _)| host);
    bare.parse().ok().or_else(|| without_port()?.parse().ok()).map(|address: IpAddr| address.to_canonical())
}

/// Whether a request of HTTP/1 could be read in two ways by two programs on its way, or was
/// meant for a proxy: no host or several, a whole address as its target, a body of which the
/// length is not told beforehand (a length beside it is then already gone).
pub(crate) fn is_ambiguous<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    if request.version() >= Version::HTTP_2 {
        return hosts > 1;
    }
    let nameless = hosts == 0 && request.version() == Version::HTTP_11;
    hosts > 1
        || nameless
        || request.uri().authority().is_some()
        || headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get_all(header::CONTENT_LENGTH).iter().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: &str, name: &'static str, lines: &[&str], says: ForwardedHeader) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line.parse().unwrap());
        }
        let proxies = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        let origin = origin(&mut headers, from.parse().unwrap(), &proxies, says);
        assert!(headers.is_empty(), "nobody else reads it");
        origin.to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_about_whom_it_heard() {
        let x = |from, lines: &[&str]| told(from, "x-forwarded-for", lines, ForwardedHeader::XForwardedFor);
        assert_eq!(x("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger is not believed");
        assert_eq!(x("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(x("10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1", "what a client adds is left");
        assert_eq!(x("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(x("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
        assert_eq!(x("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(x("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(x("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        let f = |lines: &[&str]| told("10.0.0.1", "forwarded", lines, ForwardedHeader::Forwarded);
        assert_eq!(f(&["for=1.1.1.1, proto=https;For=\"[2001:db9::1]:4711\""]), "2001:db9::1");
        assert_eq!(f(&["for=198.51.100.1;by=10.0.0.2"]), "198.51.100.1");
        assert_eq!(f(&["for=unknown"]), "10.0.0.1");
        let other = told("10.0.0.1", "forwarded", &["for=1.1.1.1"], ForwardedHeader::XForwardedFor);
        assert_eq!(
            other, "10.0.0.1",
            "a client behind the proxy may send the header that the proxy does not"
        );
    }
}
