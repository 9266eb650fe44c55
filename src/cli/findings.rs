//! What was found in plans, as people see it: on stderr, with a hint below.

use std::io::{self, Write as _};

use anstyle::Style;

use super::Context;
use crate::source::{Colour, Diagnostics, Severity, Sources, render_text};

/// The most codes that the hint names: it is to be read, and to be copied.
const MAX_CODES: usize = 4;

/// The codes of what was shown, for the one hint at the end.
#[derive(Debug, Default)]
pub struct Shown {
    errors: Vec<&'static str>,
    others: Vec<&'static str>,
}

/// Shows all that was found in a plan, and says where to read more.
///
/// # Errors
///
/// If it cannot be written.
pub fn show(sources: &Sources, found: &Diagnostics, ctx: &mut Context) -> io::Result<()> {
    let mut shown = Shown::default();
    shown.add(sources, found, ctx)?;
    shown.hint(ctx)
}

impl Shown {
    /// Shows what was found in one of several plans.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(
        &mut self,
        sources: &Sources,
        found: &Diagnostics,
        ctx: &mut Context,
    ) -> io::Result<()> {
        for diagnostic in found.sorted() {
            let codes = match diagnostic.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning | Severity::Note => &mut self.others,
            };
            if !codes.contains(&diagnostic.code) {
                codes.push(diagnostic.code);
            }
        }
        let text = render_text(sources, found, ctx.stderr.colour());
        write!(ctx.stderr, "{text}")
    }

    /// Says once where to read more, errors first.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn hint(self, ctx: &mut Context) -> io::Result<()> {
        let mut codes = self.errors;
        codes.extend(self.others);
        codes.truncate(MAX_CODES);
        let what = match codes.as_slice() {
            [] => return Ok(()),
            [_] => "this",
            _ => "these",
        };
        let quiet = match ctx.stderr.colour() {
            Colour::Plain => Style::new(),
            Colour::Coloured => Style::new().dimmed(),
        };
        let codes = codes.join(" ");
        writeln!(
            ctx.stderr,
            "{quiet}more on {what}: plan explain {codes}{quiet:#}"
        )
    }
}
