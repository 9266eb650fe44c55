//! Values of forms that can have files: compiled, and made for a user.

use std::sync::Arc;

use super::{
    files,
    reader::{LeafReader, Uses},
    requests::collect,
};
use crate::{
    exchange::multipart::{Attachment, Value},
    plan::ast,
    template::{Escape, RenderError, Scope, Template},
};

/// A value of a form that can have files.
#[derive(Debug)]
pub enum Part {
    Text(Template),
    File(Upload),
}

/// A part of a form, by its name.
#[derive(Debug)]
pub struct NamedPart {
    pub name: Arc<str>,
    pub part: Part,
}

/// A file that is sent with a form.
#[derive(Debug)]
pub struct Upload {
    pub filename: Filename,
    pub content_type: Arc<str>,
    /// One copy, however many send it.
    pub content: Arc<[u8]>,
}

/// What a file is called.
#[derive(Debug)]
pub enum Filename {
    /// As it is on disk.
    Own(Arc<str>),
    Template(Template),
}

impl Part {
    pub(super) fn compile(
        part: &ast::Part,
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<Part> {
        let upload = match part {
            ast::Part::Text(text) => {
                let text = reader.template(text, Escape::None, &mut uses.reads)?;
                return Some(Part::Text(text));
            }
            ast::Part::File(upload) => upload,
        };
        let filename = match &upload.filename {
            None => Some(Filename::Own(files::name(&upload.file).into())),
            Some(name) => {
                let name = reader.template(name, Escape::None, &mut uses.reads);
                name.map(Filename::Template)
            }
        };
        let said = upload.content_type.as_ref();
        let content_type = said.map_or(files::content_type(&upload.file), |said| said.as_str());
        Some(Part::File(Upload {
            filename: filename?,
            content_type: content_type.into(),
            content: reader.files.content(&upload.file)?,
        }))
    }

    /// All of some, or none if one of them cannot be compiled.
    pub(super) fn compile_all(
        parts: &[ast::Part],
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<Box<[Part]>> {
        let mut compiled = Some(Vec::with_capacity(parts.len()));
        for part in parts {
            let part = Part::compile(part, reader, uses);
            collect(&mut compiled, part);
        }
        compiled.map(Vec::into_boxed_slice)
    }

    /// The value for a user.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if its text or the name of its file cannot be rendered.
    pub(super) fn value(&self, scope: &mut dyn Scope) -> Result<Value, RenderError> {
        let mut text = String::new();
        match self {
            Part::Text(template) => {
                template.render(scope, &mut text)?;
                Ok(Value::Text(text))
            }
            Part::File(upload) => {
                match &upload.filename {
                    Filename::Own(name) => text.push_str(name),
                    Filename::Template(template) => template.render(scope, &mut text)?,
                }
                Ok(Value::File(Attachment {
                    filename: text,
                    content_type: Arc::clone(&upload.content_type),
                    content: Arc::clone(&upload.content),
                }))
            }
        }
    }
}
