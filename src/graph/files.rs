//! The files that requests send: read once, before the run, whoever sends them.

use std::{
    collections::{BTreeMap, HashMap},
    error::Error as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::codes;
use crate::{
    plan::ast::{Aim, Part, Payload, Plan, Request, StepKind, Text},
    source::{Diagnostic, Diagnostics, Loader, Sources, Span},
};

/// The contents of files, by the places that name them. What could not be read has
/// been told of, and is missing.
#[derive(Debug, Default)]
pub(super) struct Files(HashMap<Span, Arc<[u8]>>);

impl Files {
    /// Reads every file that a request of a plan sends.
    pub(super) fn of(
        plan: &Plan,
        sources: &Sources,
        loader: &mut dyn Loader,
        found: &mut Diagnostics,
    ) -> Files {
        let mut read: BTreeMap<PathBuf, Arc<[u8]>> = BTreeMap::new();
        let mut files = Files::default();
        for file in plan.steps().flat_map(|step| match &step.kind {
            StepKind::Request(request) => sent_by(request),
            _ => Vec::new(),
        }) {
            let path = sources.named_from_root(file.span.file, file);
            let known = read.get(&path).cloned();
            let content = known.or_else(|| {
                let from = &sources.get(file.span.file).path;
                match loader.bytes(from, file) {
                    Ok(bytes) => Some(bytes.into()),
                    Err(error) => {
                        let cause = error.source();
                        let cause = cause.map_or(String::new(), |why| format!(": {why}"));
                        found.push(
                            Diagnostic::error(codes::FILE, format!("cannot read {error}{cause}"))
                                .at(file.span, "named here")
                                .help("paths are relative to the file that names them"),
                        );
                        None
                    }
                }
            });
            if let Some(content) = content {
                read.insert(path, Arc::clone(&content));
                files.0.insert(file.span, content);
            }
        }
        files
    }

    /// The content of a file, by the place that names it.
    pub(super) fn content(&self, file: &Text) -> Option<Arc<[u8]>> {
        self.0.get(&file.span).cloned()
    }
}

/// The files that a request sends.
fn sent_by(request: &Request) -> Vec<&Text> {
    let mut files: Vec<&Text> = match &request.payload {
        Some(Payload::File(file)) => vec![file],
        Some(Payload::Multipart(parts)) => {
            parts.iter().filter_map(|(_, part)| part.file()).collect()
        }
        Some(Payload::Form(_) | Payload::Json(_) | Payload::Text(_)) | None => Vec::new(),
    };
    match &request.aim {
        Aim::Url { .. } => {}
        Aim::Form(submit) => {
            let values = submit.fields.iter().flat_map(|(_, values)| values);
            files.extend(values.filter_map(Part::file));
        }
    }
    files
}

/// What files of these endings are, as browsers say it.
const CONTENT_TYPES: [(&str, &str); 24] = [
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/vnd.microsoft.icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xml", "text/xml"),
    ("zip", "application/zip"),
];

/// What a file is, by the ending of its name.
pub(super) fn content_type(path: &str) -> &'static str {
    let ending = Path::new(path)
        .extension()
        .and_then(|ending| ending.to_str());
    let ending = ending.map(str::to_ascii_lowercase);
    let known = ending.and_then(|ending| {
        let mut known = CONTENT_TYPES.iter();
        known.find(|(known, _)| *known == ending)
    });
    known.map_or(
        crate::exchange::multipart::UNKNOWN_CONTENT_TYPE,
        |(_, kind)| kind,
    )
}

/// The name of a file without its folders.
pub(super) fn name(path: &str) -> &str {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    name.unwrap_or(path)
}
