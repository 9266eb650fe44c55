//! Certificates and keys out of PEM, and what can be wrong with that.

use std::{error, fmt};

use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{Error, PemObject as _},
};

/// Why a text does not give what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemError {
    /// There is no certificate in it.
    NoCertificate,
    /// There is no private key in it.
    NoKey,
    /// The private key is behind a password.
    EncryptedKey,
    /// A section of it does not end, or is not base64.
    Broken,
    /// A certificate is none, or too old; counted from 1.
    BadCertificate { number: usize },
    /// The private key is none, or of a kind that cannot sign.
    BadKey,
}

/// All certificates of a text; at least one.
pub(super) fn certificates(text: &str) -> Result<Vec<CertificateDer<'static>>, PemError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    match found {
        Ok(found) if found.is_empty() => Err(PemError::NoCertificate),
        Ok(found) => Ok(found),
        Err(_) => Err(PemError::Broken),
    }
}

/// The first private key of a text.
pub(super) fn key(text: &str) -> Result<PrivateKeyDer<'static>, PemError> {
    match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
        Ok(key) => Ok(key),
        // Asked only now: behind a key that is none, another one may be encrypted.
        Err(_) if ENCRYPTED.iter().any(|mark| text.contains(mark)) => Err(PemError::EncryptedKey),
        Err(Error::NoItemsFound) => Err(PemError::NoKey),
        // Its words may have parts of the text in them.
        Err(_) => Err(PemError::Broken),
    }
}

/// The two ways in which a key is marked as encrypted.
const ENCRYPTED: [&str; 2] = ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"];

impl PemError {
    /// How to mend it.
    pub fn advice(self) -> &'static str {
        match self {
            PemError::NoCertificate => {
                "a certificate begins with a line `-----BEGIN CERTIFICATE-----`"
            }
            PemError::BadCertificate { .. } => "what can be used is X.509 of version 3",
            PemError::NoKey => {
                "a private key begins with a line `-----BEGIN PRIVATE KEY-----`, or one that \
                 names its kind"
            }
            PemError::EncryptedKey => {
                "a run has nobody to ask for the password: write the key without one, with \
                 `openssl pkey`"
            }
            PemError::Broken => {
                "between a line `-----BEGIN …-----` and its `-----END …-----` is base64, and \
                 nothing else"
            }
            PemError::BadKey => {
                "a key is RSA with 2048 bits or more, ECDSA on P-256 or P-384, or Ed25519"
            }
        }
    }
}

impl fmt::Display for PemError {
    // The text stands after the name of a file and a colon.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PemError::NoCertificate => f.write_str("there is no certificate in it"),
            PemError::NoKey => f.write_str("there is no private key in it"),
            PemError::EncryptedKey => f.write_str("its private key is encrypted"),
            PemError::Broken => f.write_str("it is not PEM from beginning to end"),
            PemError::BadCertificate { number: 1 } => f.write_str("its certificate cannot be used"),
            PemError::BadCertificate { number } => {
                write!(f, "certificate {number} in it cannot be used")
            }
            PemError::BadKey => f.write_str("its private key cannot be used"),
        }
    }
}

impl error::Error for PemError {}
