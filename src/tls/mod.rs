//! Whom users trust and as whom they show themselves: certificates and keys of a plan.
//!
//! Texts in PEM become [`Authorities`], a [`Chain`] and a [`Key`], each looked at as
//! soon as it is read: what is here can be used in a handshake.
//!
//! # What holds here
//!
//! - Key material is in no text that this room makes: not in errors, not in `Debug`.
//! - Everything is read before the run and never changes.
//!
//! # What is not here
//!
//! Files (whoever reads plans has a loader for them) and connections: `protocol`
//! makes a configuration of [`TlsSettings`].

mod pem;

use std::{fmt, sync::Arc};

use rustls::{
    RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::CertificateDer,
    sign::{CertifiedKey, SigningKey, SingleCertAndKey},
};

pub use pem::PemError;

/// What holds for the TLS connections of a class's users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsSettings {
    pub trust: Trust,
    /// As whom they show themselves to servers that ask.
    pub identity: Option<Identity>,
}

/// Whose certificates are good.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Trust {
    /// Those signed by an authority that this machine trusts.
    #[default]
    Machine,
    /// Those signed by one of these authorities, and no others.
    Only(Authorities),
    /// All of them: nothing is verified.
    Anyone,
}

/// Certificates of authorities; at least one.
#[derive(Clone, Debug)]
pub struct Authorities {
    certificates: Arc<[CertificateDer<'static>]>,
    roots: Arc<RootCertStore>,
}

/// A certificate, and those between it and its authority.
///
/// Invariant: not empty, and the first can be parsed.
#[derive(Clone, Debug)]
pub struct Chain(Vec<CertificateDer<'static>>);

/// A private key that can sign.
#[derive(Clone)]
pub struct Key(Arc<dyn SigningKey>);

/// A certificate and its private key: a client certificate.
#[derive(Clone)]
pub struct Identity(Arc<SingleCertAndKey>);

/// A private key is not that of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMismatch;

/// The cryptography that is used: named here, so that nothing depends on who
/// installed which first.
pub fn provider() -> CryptoProvider {
    ring::default_provider()
}

impl TlsSettings {
    /// Whether certificates of servers are not verified.
    pub fn is_insecure(&self) -> bool {
        match self.trust {
            Trust::Anyone => true,
            Trust::Machine | Trust::Only(_) => false,
        }
    }
}

impl Authorities {
    /// Reads all certificates of a PEM file.
    ///
    /// # Errors
    ///
    /// [`PemError`] if there are none, or one of them is broken.
    pub fn from_pem(text: &str) -> Result<Authorities, PemError> {
        let certificates = pem::certificates(text)?;
        let mut roots = RootCertStore::empty();
        for (number, certificate) in (1..).zip(&certificates) {
            roots
                .add(certificate.clone())
                .map_err(|_| PemError::BadCertificate { number })?;
        }
        Ok(Authorities {
            certificates: certificates.into(),
            roots: Arc::new(roots),
        })
    }

    /// The certificates as they were read.
    pub fn certificates(&self) -> &Arc<[CertificateDer<'static>]> {
        &self.certificates
    }

    /// The same, to verify others with.
    pub fn roots(&self) -> &Arc<RootCertStore> {
        &self.roots
    }
}

impl PartialEq for Authorities {
    fn eq(&self, other: &Authorities) -> bool {
        self.certificates == other.certificates
    }
}

impl Chain {
    /// Reads all certificates of a PEM file, the first of which is one's own.
    ///
    /// # Errors
    ///
    /// [`PemError`] if there are none, or the first of them is broken.
    pub fn from_pem(text: &str) -> Result<Chain, PemError> {
        let certificates = pem::certificates(text)?;
        match rustls::server::ParsedCertificate::try_from(&certificates[0]) {
            Ok(_) => Ok(Chain(certificates)),
            Err(_) => Err(PemError::BadCertificate { number: 1 }),
        }
    }
}

impl Key {
    /// Reads the first private key of a PEM file.
    ///
    /// # Errors
    ///
    /// [`PemError`] if there is none, or one that cannot sign.
    pub fn from_pem(text: &str) -> Result<Key, PemError> {
        let key = pem::key(text)?;
        let key = provider().key_provider.load_private_key(key);
        key.map(Key).map_err(|_| PemError::BadKey)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(not shown)")
    }
}

impl Identity {
    /// Puts a certificate and its key together.
    ///
    /// # Errors
    ///
    /// [`KeyMismatch`] if the key is that of another certificate.
    pub fn new(chain: Chain, key: Key) -> Result<Identity, KeyMismatch> {
        let both = CertifiedKey::new(chain.0, key.0);
        match both.keys_match() {
            Ok(()) => Ok(Identity(Arc::new(SingleCertAndKey::from(both)))),
            Err(_) => Err(KeyMismatch),
        }
    }

    /// What answers servers that ask for a certificate.
    pub fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::clone(&self.0)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Identity) -> bool {
        // Keys cannot be compared; who reads a plan reads each of them once.
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(not shown)")
    }
}

#[cfg(test)]
mod tests;
