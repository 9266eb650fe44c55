//! Whom to trust: one TLS configuration for all users.
//!
//! # What is not here
//!
//! A process-wide provider: the one used is named here, so nothing depends on
//! who installed which first.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    crypto::{CryptoProvider, ring},
};
use rustls_platform_verifier::Verifier;

/// How many TLS sessions a user remembers: the servers it talks to are few.
const TICKETS_PER_USER: usize = 8;

/// The TLS configuration that users start from.
#[derive(Debug)]
pub(super) struct Tls {
    config: ClientConfig,
    untrusting: Option<String>,
}

impl Tls {
    /// Trusts whom this machine trusts.
    pub(super) fn of_this_machine() -> Tls {
        let provider = Arc::new(ring::default_provider());
        let builder = versions(&provider);
        let (builder, untrusting) = match Verifier::new(Arc::clone(&provider)) {
            Ok(verifier) => (
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier)),
                None,
            ),
            Err(error) => (
                versions(&provider).with_root_certificates(RootCertStore::empty()),
                Some(error.to_string()),
            ),
        };
        let mut config = builder.with_no_client_auth();
        // The library beneath sets this only for configurations of its own making.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
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

fn versions(
    provider: &Arc<CryptoProvider>,
) -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .expect("ring speaks the versions that rustls considers safe")
}
