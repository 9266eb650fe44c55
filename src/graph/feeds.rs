//! Loading the data that a plan names.

use super::codes;
use crate::{
    feed::Feed,
    plan::ast::DataSource,
    source::{Diagnostic, Diagnostics, Loader, Sources},
};

/// Loads one source of data; what is wrong with it goes to the diagnostics.
pub(super) fn load(
    source: &DataSource,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Feed> {
    let from = &sources.get(source.csv.span.file).path;
    let text = match loader.data(from, &source.csv.value) {
        Ok(text) => text,
        Err(error) => {
            let cause =
                std::error::Error::source(&error).map_or(String::new(), |why| format!(": {why}"));
            found.push(
                Diagnostic::error(codes::DATA, format!("cannot read {error}{cause}"))
                    .at(source.csv.span, "named here")
                    .help("paths are relative to the file that names them"),
            );
            return None;
        }
    };
    match Feed::from_csv(&text) {
        Ok(feed) => Some(feed),
        Err(error) => {
            let place = format!("line {} of `{}`", error.line, source.csv.value);
            found.push(
                Diagnostic::error(codes::DATA, format!("{place}: {}", error.message))
                    .at(source.csv.span, "named here"),
            );
            None
        }
    }
}
