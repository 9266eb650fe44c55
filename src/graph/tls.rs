//! Reading the certificates and keys that a plan names, and merging what plan and
//! class say of TLS.

use std::{collections::HashMap, error::Error as _};

use super::codes;
use crate::{
    plan::{
        ast::{self, Text},
        rules::reading,
    },
    source::{Diagnostic, Diagnostics, Loader, Sources, Span, Spanned},
    tls::{Authorities, Chain, Identity, Key, KeyMismatch, PemError, TlsSettings, Trust},
};

/// What holds for each class of a plan; where something is wrong, what is left of it.
pub(super) fn of_classes<'a>(
    plan: &ast::Plan,
    classes: impl Iterator<Item = &'a ast::Class>,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Vec<TlsSettings> {
    let mut files = Files {
        sources,
        loader,
        found,
        authorities: HashMap::new(),
        chains: HashMap::new(),
        keys: HashMap::new(),
        identities: HashMap::new(),
    };
    let general = &plan.defaults.tls;
    files.look_at(general);
    files.contradiction(general, general);
    let classes = classes.map(|class| {
        let own = &class.defaults.tls;
        files.look_at(own);
        files.settings(own, general)
    });
    classes.collect()
}

/// What was read, by the place that names it: a file that holds for several classes
/// is read once, and told of once.
struct Files<'a> {
    sources: &'a Sources,
    loader: &'a mut dyn Loader,
    found: &'a mut Diagnostics,
    authorities: HashMap<Span, Option<Authorities>>,
    chains: HashMap<Span, Option<Chain>>,
    keys: HashMap<Span, Option<Key>>,
    identities: HashMap<(Span, Span), Option<Identity>>,
}

impl Files<'_> {
    /// Reads every file, also those that another one stands in for.
    fn look_at(&mut self, tls: &ast::Tls) {
        if let Some(file) = &tls.ca {
            let read = self.read(file, Authorities::from_pem);
            self.authorities.insert(file.span, read);
        }
        if let Some(file) = &tls.cert {
            let read = self.read(file, Chain::from_pem);
            self.chains.insert(file.span, read);
        }
        if let Some(file) = &tls.key {
            let read = self.read(file, Key::from_pem);
            self.keys.insert(file.span, read);
        }
    }

    fn read<T>(&mut self, file: &Text, parse: fn(&str) -> Result<T, PemError>) -> Option<T> {
        let from = &self.sources.get(file.span.file).path;
        let wrong = match self.loader.data(from, &file.value) {
            Ok(text) => match parse(&text) {
                Ok(read) => return Some(read),
                Err(why) => Diagnostic::error(codes::TLS, format!("`{}`: {why}", file.value))
                    .at(file.span, "named here")
                    .help(why.advice()),
            },
            Err(error) => {
                let cause = error
                    .source()
                    .map_or(String::new(), |why| format!(": {why}"));
                Diagnostic::error(codes::TLS, format!("cannot read {error}{cause}"))
                    .at(file.span, "named here")
                    .help("a PEM file is text; paths are relative to the file that names them")
            }
        };
        self.found.push(wrong);
        None
    }

    fn settings(&mut self, own: &ast::Tls, general: &ast::Tls) -> TlsSettings {
        self.contradiction(own, general);
        TlsSettings {
            trust: self.trust(own, general),
            identity: self.identity(
                own.cert.as_ref().or(general.cert.as_ref()),
                own.key.as_ref().or(general.key.as_ref()),
            ),
        }
    }

    fn trust(&self, own: &ast::Tls, general: &ast::Tls) -> Trust {
        if is_insecure(own, general).is_some() {
            return Trust::Anyone;
        }
        let authorities = own.ca.as_ref().or(general.ca.as_ref());
        let authorities = authorities.and_then(|file| self.authorities.get(&file.span)?.clone());
        authorities.map_or(Trust::Machine, Trust::Only)
    }

    fn identity(&mut self, cert: Option<&Text>, key: Option<&Text>) -> Option<Identity> {
        let (cert, key) = match (cert, key) {
            (Some(cert), Some(key)) => (cert, key),
            (None, None) => return None,
            (Some(cert), None) => {
                self.alone(["cert", "key"], cert);
                return None;
            }
            (None, Some(key)) => {
                self.alone(["key", "cert"], key);
                return None;
            }
        };
        let place = (cert.span, key.span);
        if let Some(known) = self.identities.get(&place) {
            return known.clone();
        }
        // What cannot be read has been told of.
        let chain = self.chains.get(&cert.span).cloned().flatten();
        let private = self.keys.get(&key.span).cloned().flatten();
        let both = match chain.zip(private).map(|(c, p)| Identity::new(c, p)) {
            Some(Ok(both)) => Some(both),
            Some(Err(KeyMismatch)) => {
                self.found.push(mismatch(cert, key));
                None
            }
            None => None,
        };
        self.identities.insert(place, both.clone());
        both
    }

    fn alone(&mut self, [there, missing]: [&str; 2], file: &Text) {
        let message = format!("`{there}` goes with a `{missing}`, and there is none");
        let help = format!("add `{missing}:`; a file that holds both is named by both");
        self.found.push_once(
            Diagnostic::error(codes::TLS, message)
                .at(file.span, "this one is alone")
                .help(help),
        );
    }

    /// Whoever names authorities wants them to be asked.
    fn contradiction(&mut self, own: &ast::Tls, general: &ast::Tls) {
        let (Some(insecure), Some(file)) = (is_insecure(own, general), &own.ca) else {
            return;
        };
        let help = match own.insecure {
            Some(_) => "leave one of them out",
            None => "write `insecure: false` beside it to verify here",
        };
        self.found.push_once(
            Diagnostic::error(
                reading::CONFLICT,
                "`ca` means nothing beside `insecure: true`, which trusts everyone",
            )
            .at(file.span, "these authorities would not be asked")
            .at(insecure.span, "since nothing is verified")
            .help(help),
        );
    }
}

fn mismatch(cert: &Text, key: &Text) -> Diagnostic {
    let message = format!(
        "the private key in `{}` is not that of the certificate in `{}`",
        key.value, cert.value
    );
    Diagnostic::error(codes::TLS, message)
        .at(key.span, "the key")
        .at(cert.span, "the certificate")
        .help("one's own certificate is the first in its file; those of authorities follow it")
}

/// Where a plan says so, for a class that says `own`.
fn is_insecure<'a>(own: &'a ast::Tls, general: &'a ast::Tls) -> Option<&'a Spanned<bool>> {
    let nearest = own.insecure.as_ref().or(general.insecure.as_ref());
    nearest.filter(|insecure| insecure.value)
}
