//! Forms with files: `multipart/form-data`, as browsers write it (RFC 7578 and the HTML
//! standard's encoding of it).

use std::{mem, sync::Arc};

use super::{Body, Charset, Piece, form::with_crlf};

/// The content type of a file that says nothing of itself.
pub const UNKNOWN_CONTENT_TYPE: &str = "application/octet-stream";

/// A value of a form that can have files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    File(Attachment),
}

/// A file, as forms send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called.
    pub filename: String,
    pub content_type: Arc<str>,
    /// One copy, however many send it.
    pub content: Arc<[u8]>,
}

/// The parts of a body in the making.
#[derive(Debug)]
pub struct Parts {
    boundary: String,
    charset: Charset,
    done: Vec<Piece>,
    /// What comes after the last file.
    open: Vec<u8>,
}

impl Parts {
    /// No parts yet. The boundary is made of a random number: nothing that is sent
    /// holds it but by a chance of one in 2^128.
    pub fn new(boundary: u128, charset: Charset) -> Parts {
        Parts {
            boundary: format!("----------plan{boundary:032x}"),
            charset,
            done: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Adds a field of text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.head(name, None);
        self.write("\r\n\r\n");
        self.write(&with_crlf(value));
        self.write("\r\n");
    }

    /// Adds a file. Its content is not copied.
    pub fn file(&mut self, name: &str, file: &Attachment) {
        self.head_of_file(name, &file.filename, &file.content_type);
        if !file.content.is_empty() {
            self.done.push(Piece::Own(mem::take(&mut self.open)));
            self.done.push(Piece::Shared(Arc::clone(&file.content)));
        }
        self.write("\r\n");
    }

    /// Adds what a field for files sends that none was chosen for.
    pub fn no_file(&mut self, name: &str) {
        self.head_of_file(name, "", UNKNOWN_CONTENT_TYPE);
        self.write("\r\n");
    }

    /// Ends the last part.
    pub fn finish(mut self) -> Body {
        let end = format!("--{}--\r\n", self.boundary);
        self.write(&end);
        self.done.push(Piece::Own(self.open));
        let mut pieces = self.done.into_iter();
        let bytes = match pieces.next() {
            Some(Piece::Own(bytes)) => bytes,
            Some(Piece::Shared(_)) | None => unreachable!("the head of a part comes first"),
        };
        Body {
            content_type: Some(format!("multipart/form-data; boundary={}", self.boundary).into()),
            bytes,
            rest: pieces.collect(),
        }
    }

    fn head_of_file(&mut self, name: &str, filename: &str, content_type: &str) {
        self.head(name, Some(filename));
        self.write("\r\nContent-Type: ");
        self.write(content_type);
        self.write("\r\n\r\n");
    }

    fn head(&mut self, name: &str, filename: Option<&str>) {
        let start = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"",
            self.boundary
        );
        self.write(&start);
        self.write(&escaped(&with_crlf(name)));
        self.write("\"");
        if let Some(filename) = filename {
            self.write("; filename=\"");
            self.write(&escaped(filename));
            self.write("\"");
        }
    }

    fn write(&mut self, text: &str) {
        self.open.extend_from_slice(&self.charset.bytes(text));
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('\r', "%0D").replace('\n', "%0A");
    text.replace('"', "%22")
}
