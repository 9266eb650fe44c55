//! Where a request goes, and what files it sends.

use super::Text;
use crate::base::method::Method;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// To a path below the target, or to a whole URL.
    Url { method: Method, url: Text },
    /// Where a form of the page last received says.
    Form(Submit),
}

/// `submit: CSS` with what a person would fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    /// The selector of the form.
    pub form: Text,
    /// The selector of the button that is pressed, in place of the first one.
    pub button: Option<Text>,
    /// Fields that get other values than the page gives them; no value leaves one out.
    pub fields: Vec<(Text, Vec<Part>)>,
}

/// As whom a request asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Auth {
    /// As nobody: a default is switched off.
    None,
    Basic {
        user: Text,
        password: Text,
    },
    Bearer(Text),
}

/// A value of a form that can have files.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As its source text.
    Text(Text),
    File(Upload),
}

/// `{ file: photo.png, type: image/png, filename: 'p{{ iteration }}.png' }`
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// Relative to the file that names it, which is that of the span.
    pub file: Text,
    /// What it is, in place of what its ending says; no template.
    pub content_type: Option<Text>,
    /// What it is called, in place of its own name.
    pub filename: Option<Text>,
}

impl Part {
    /// The text, or else what is said of a file that can be a template.
    pub fn template(&self) -> Option<&Text> {
        match self {
            Part::Text(text) => Some(text),
            Part::File(upload) => upload.filename.as_ref(),
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Text> {
        match self {
            Part::Text(_) => None,
            Part::File(upload) => Some(&upload.file),
        }
    }
}
