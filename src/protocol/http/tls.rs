//! Whom to trust: one TLS configuration for all users of a class.
//!
//! # What is not here
//!
//! A process-wide provider: the one used is named by [`provider`], so nothing
//! depends on who installed which first.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, client::Resumption, crypto::CryptoProvider};
use rustls_platform_verifier::Verifier;

use super::send::MAX_IDLE_CONNECTIONS;
use super::verify::{Anyone, Chosen};
use crate::{
    base::connecting::Version,
    tls::{TlsSettings, Trust, provider},
};

/// How many TLS sessions a user remembers: as many as rustls keeps of one server,
/// for each server that it keeps a connection to.
const TICKETS_PER_USER: usize = 8 * MAX_IDLE_CONNECTIONS;

/// The TLS configuration that users start from.
#[derive(Debug)]
pub(super) struct Tls {
    config: ClientConfig,
    untrusting: Option<String>,
}

/// The authorities that this machine trusts, read when they are first needed.
#[derive(Debug, Default)]
pub(super) struct Machine(OnceLock<Result<Arc<Verifier>, String>>);

impl Machine {
    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<Verifier>, String> {
        let read = || match Verifier::new(Arc::clone(provider)) {
            Ok(verifier) => Ok(Arc::new(verifier)),
            Err(rustls::Error::General(why)) => Err(why),
            Err(error) => Err(error.to_string()),
        };
        self.0.get_or_init(read).clone()
    }
}

impl Tls {
    pub(super) fn new(settings: &TlsSettings, version: Version, machine: &Machine) -> Tls {
        let provider = Arc::new(provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("ring speaks the versions that rustls considers safe");
        let mut untrusting = None;
        let builder = match &settings.trust {
            Trust::Machine => match machine.verifier(&provider) {
                Ok(verifier) => builder
                    .dangerous()
                    .with_custom_certificate_verifier(verifier),
                Err(why) => {
                    untrusting = Some(why);
                    builder.with_root_certificates(RootCertStore::empty())
                }
            },
            Trust::Only(authorities) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Chosen::new(authorities, &provider))),
            Trust::Anyone => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anyone::new(&provider))),
        };
        let mut config = match &settings.identity {
            Some(identity) => builder.with_client_cert_resolver(identity.resolver()),
            None => builder.with_no_client_auth(),
        };
        // The library beneath sets this only for configurations of its own making.
        config.alpn_protocols = match version {
            Version::Negotiated => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Version::Http1 => vec![b"http/1.1".to_vec()],
            Version::Http2 => vec![b"h2".to_vec()],
        };
        Tls { config, untrusting }
    }

    /// The configuration of one more user.
    ///
    /// Its tickets are its own: a user who resumed another's session would spare
    /// the server a handshake that a real one costs.
    pub(super) fn for_a_user(&self) -> ClientConfig {
        let mut config = self.config.clone();
        config.resumption = Resumption::in_memory_sessions(TICKETS_PER_USER);
        config
    }

    /// Why no server can be trusted, if none can.
    pub(super) fn untrusting(&self) -> Option<&str> {
        self.untrusting.as_deref()
    }
}
