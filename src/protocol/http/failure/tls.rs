//! What keeps TLS from coming about, in our words.

use rustls::{AlertDescription, CertificateError, Error, OtherError};

use super::super::verify::is_of_an_authority;
use crate::exchange::{Failure, FailureKind};

/// The failure that an error stands for, where `place` is the server's host and port.
pub(super) fn of(error: &Error, place: &str) -> Failure {
    let (kind, detail) = match error {
        Error::InvalidCertificate(why) => of_certificate(why, error, place),
        Error::AlertReceived(alert) => (FailureKind::Tls, of_alert(*alert, error, place)),
        Error::InvalidMessage(_) => (FailureKind::Tls, format!("{place} does not speak TLS")),
        other => (FailureKind::Tls, format!("no TLS with {place}: {other}")),
    };
    Failure::new(kind, detail)
}

fn of_certificate(why: &CertificateError, error: &Error, place: &str) -> (FailureKind, String) {
    let the = format!("the certificate of {place}");
    match why {
        CertificateError::UnknownIssuer => (
            FailureKind::TlsUnknownAuthority,
            format!("{the} is signed by an unknown authority"),
        ),
        // As after a test authority was made anew, under the name that it had.
        CertificateError::BadSignature => (
            FailureKind::TlsUnknownAuthority,
            format!("{the} names a trusted authority that has not signed it"),
        ),
        _ if is_of_an_authority(error) => (
            FailureKind::TlsUnknownAuthority,
            format!("{the} is signed by itself, an unknown authority"),
        ),
        CertificateError::NotValidForName => (
            FailureKind::TlsWrongHost,
            format!("{the} is for another host"),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => {
            (FailureKind::TlsWrongHost, wrong_host(&the, presented))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (FailureKind::TlsExpired, format!("{the} has expired"))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (FailureKind::TlsExpired, format!("{the} is not valid yet"))
        }
        // By its name only, as an error of another crate.
        CertificateError::Other(OtherError(why)) => {
            (FailureKind::Tls, format!("{the} cannot be used: {why}"))
        }
        why => (FailureKind::Tls, format!("{the} cannot be used: {why}")),
    }
}

/// Whom a certificate is for instead, as far as there is room.
fn wrong_host(the: &str, presented: &[String]) -> String {
    /// A certificate can have hundreds of names, of any length.
    const MAX_NAMES: usize = 3;
    const MAX_NAME_CHARS: usize = 80;
    if presented.is_empty() {
        return format!("{the} names no host at all");
    }
    let names = presented.iter().take(MAX_NAMES).map(|name| {
        // `DnsName("other.test")`, `IpAddress(127.0.0.2)`
        let inner = name
            .split_once('(')
            .and_then(|(_, end)| end.strip_suffix(')'));
        let inner = inner.unwrap_or(name).trim_matches('"');
        inner.chars().take(MAX_NAME_CHARS).collect::<String>()
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match presented.len().saturating_sub(MAX_NAMES) {
        0 => format!("{the} is for another host: {names}"),
        more => format!("{the} is for other hosts: {names} and {more} more"),
    }
}

fn of_alert(alert: AlertDescription, error: &Error, place: &str) -> String {
    match alert {
        AlertDescription::CertificateRequired => {
            format!("{place} asks for a client certificate, and the plan gives none")
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => {
            format!("{place} refuses the client certificate, or that there is none: {alert:?}")
        }
        // What older versions of TLS say for several things.
        AlertDescription::HandshakeFailure => format!(
            "{place} refuses the handshake: nothing that both can do, or a client certificate is \
             missing"
        ),
        _ => format!("no TLS with {place}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use rustls::{
        Error::{AlertReceived, InvalidCertificate},
        InvalidMessage,
        pki_types::{IpAddr, ServerName},
    };
    use url::Url;

    use super::{
        super::{Stage, of_io},
        *,
    };

    #[test]
    #[rustfmt::skip]
    fn what_is_wrong_with_tls_is_said_in_words() {
        let other = |text: &str| CertificateError::Other(OtherError(Arc::from(Box::from(text))));
        let rows = [
            (InvalidCertificate(CertificateError::UnknownIssuer), FailureKind::TlsUnknownAuthority,
                "the certificate of a.test:443 is signed by an unknown authority"),
            (InvalidCertificate(CertificateError::BadSignature), FailureKind::TlsUnknownAuthority,
                "the certificate of a.test:443 names a trusted authority that has not signed it"),
            (InvalidCertificate(CertificateError::NotValidForName), FailureKind::TlsWrongHost,
                "the certificate of a.test:443 is for another host"),
            (InvalidCertificate(CertificateError::Expired), FailureKind::TlsExpired,
                "the certificate of a.test:443 has expired"),
            (InvalidCertificate(CertificateError::NotValidYet), FailureKind::TlsExpired,
                "the certificate of a.test:443 is not valid yet"),
            (InvalidCertificate(other("UnsupportedCertVersion")), FailureKind::Tls,
                "the certificate of a.test:443 cannot be used: UnsupportedCertVersion"),
            (InvalidCertificate(CertificateError::Revoked), FailureKind::Tls,
                "the certificate of a.test:443 cannot be used: Revoked"),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), FailureKind::Tls,
                "a.test:443 does not speak TLS"),
            (AlertReceived(AlertDescription::CertificateRequired), FailureKind::Tls,
                "a.test:443 asks for a client certificate, and the plan gives none"),
            (AlertReceived(AlertDescription::UnknownCA), FailureKind::Tls,
                "a.test:443 refuses the client certificate, or that there is none: UnknownCA"),
            (AlertReceived(AlertDescription::HandshakeFailure), FailureKind::Tls,
                "a.test:443 refuses the handshake: nothing that both can do, or a client certificate is missing"),
            (AlertReceived(AlertDescription::ProtocolVersion), FailureKind::Tls,
                "no TLS with a.test:443: received fatal alert: ProtocolVersion"),
        ];
        for (error, kind, detail) in rows {
            // As it comes: inside an error of IO, inside another.
            let inner = io::Error::new(io::ErrorKind::InvalidData, error);
            let url = Url::parse("https://a.test/").unwrap();
            let failure = of_io(&io::Error::other(inner), Stage::Connect, &url);
            assert_eq!(failure, Failure::new(kind, detail));
        }
    }

    #[test]
    #[rustfmt::skip]
    fn whom_a_certificate_is_for_is_told_as_far_as_there_is_room() {
        let long = format!("DnsName(\"{}\")", "x".repeat(1_000));
        let cut = format!("C is for another host: {}", "x".repeat(80));
        let rows: [(&[&str], &str); 5] = [
            (&[], "C names no host at all"),
            (&["DnsName(\"*.other.test\")"], "C is for another host: *.other.test"),
            (&["DnsName(\"b\")", "IpAddress(127.0.0.2)"], "C is for another host: b, 127.0.0.2"),
            (&["DnsName(\"b\")"; 5], "C is for other hosts: b, b, b and 2 more"),
            (&[&long], &cut),
        ];
        for (presented, text) in rows {
            let presented: Vec<_> = presented.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(wrong_host("C", &presented), text);
        }
        // As it comes.
        let why = CertificateError::NotValidForNameContext {
            expected: ServerName::IpAddress(IpAddr::try_from("127.0.0.1").unwrap()),
            presented: vec!["DnsName(\"b\")".to_owned()],
        };
        let failure = of(&InvalidCertificate(why), "a:1");
        assert_eq!(failure.detail, "the certificate of a:1 is for another host: b");
    }
}
