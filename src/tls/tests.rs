use rcgen::{CertificateParams, KeyPair};

use super::*;

/// A certificate that has signed itself, and its key.
fn pair() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["ada.test".to_owned()]).unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[test]
fn what_is_in_a_file_is_found_among_the_rest() {
    let ((one, key), (two, _)) = (pair(), pair());
    let all = format!("a comment\n{key}\n{one}another\r\n{two}");
    let authorities = Authorities::from_pem(&all).unwrap();
    assert_eq!(authorities.certificates().len(), 2);
    assert_eq!(authorities.roots().len(), 2);
    let (chain, key) = (Chain::from_pem(&all).unwrap(), Key::from_pem(&all).unwrap());
    assert_eq!(chain.0.len(), 2);
    assert!(Identity::new(chain, key).is_ok());
}

#[test]
fn a_key_fits_its_own_certificate_and_no_other() {
    let ((one, key), (two, _)) = (pair(), pair());
    let key = Key::from_pem(&key).unwrap();
    let fits = |pem: &str| Identity::new(Chain::from_pem(pem).unwrap(), key.clone()).err();
    assert_eq!(fits(&one), None);
    assert_eq!(fits(&two), Some(KeyMismatch));
    assert_eq!(fits(&format!("{two}{one}")), Some(KeyMismatch));
}

#[test]
fn what_cannot_be_used_is_told_by_its_kind() {
    let (certificate, key) = pair();
    let body_of = |pem: &str| pem.lines().nth(1).unwrap().to_owned();
    let no_certificate = key.replace("PRIVATE KEY", "CERTIFICATE");
    let no_key = certificate.replace("CERTIFICATE", "PRIVATE KEY");
    let torn = certificate.replace("-----END CERTIFICATE-----", "");
    let rubbish = certificate.replace(&body_of(&certificate), "?!");
    let second = format!("{certificate}{no_certificate}");
    #[rustfmt::skip]
    let rows = [
        ("empty",               "",                       PemError::NoCertificate),
        ("no PEM",              "hello\n",                PemError::NoCertificate),
        ("a key",               key.as_str(),             PemError::NoCertificate),
        ("no certificate",      no_certificate.as_str(),  PemError::BadCertificate { number: 1 }),
        ("the second is none",  second.as_str(),          PemError::BadCertificate { number: 2 }),
        ("without its end",     torn.as_str(),            PemError::Broken),
        ("not base64",          rubbish.as_str(),         PemError::Broken),
    ];
    for (what, text, error) in rows {
        assert_eq!(Authorities::from_pem(text).err(), Some(error), "{what}");
    }
    let torn = key.replace("-----END PRIVATE KEY-----", "");
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: \
               AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    #[rustfmt::skip]
    let rows = [
        ("empty",               "",                       PemError::NoKey),
        ("a certificate",       certificate.as_str(),     PemError::NoKey),
        ("no key",              no_key.as_str(),          PemError::BadKey),
        ("without its end",     torn.as_str(),            PemError::Broken),
        ("encrypted",           encrypted.as_str(),       PemError::EncryptedKey),
        ("the old way",         old,                      PemError::EncryptedKey),
    ];
    for (what, text, error) in rows {
        assert_eq!(Key::from_pem(text).err(), Some(error), "{what}");
    }
}

#[test]
fn a_key_is_in_no_text() {
    let (certificate, pem) = pair();
    let (chain, key) = (Chain::from_pem(&certificate), Key::from_pem(&pem));
    let (chain, key) = (chain.unwrap(), key.unwrap());
    assert_eq!(format!("{key:?}"), "Key(not shown)");
    let settings = TlsSettings {
        trust: Trust::Anyone,
        identity: Some(Identity::new(chain, key).unwrap()),
    };
    let shown = "TlsSettings { trust: Anyone, identity: Some(Identity(not shown)) }";
    assert_eq!(format!("{settings:?}"), shown);
}
