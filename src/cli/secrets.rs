//! Where secrets come from: whoever runs a plan supplies what it only names.
//!
//! A plan cannot choose among the variables of the environment: the name it gives is
//! looked up with `PLAN_SECRET_` before it, and nothing else is.

use std::{fs, io::Write as _, os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc};

use clap::Args;

use super::{CliError, Context};
use crate::{
    base::printable::printable,
    exchange::mask::{MIN_SECRET_CHARS, Secrets},
};

/// What comes before a secret's name in the environment.
const PREFIX: &str = "PLAN_SECRET_";

/// Who may read or write a file besides its owner.
const OTHERS: u32 = 0o077;

/// Where to look for secrets.
#[derive(Debug, Args)]
pub struct SecretArgs {
    /// A TOML file with the secrets that the plan names, as NAME = "VALUE"; those that
    /// are not in it are looked for as PLAN_SECRET_NAME in the environment.
    #[arg(
        long,
        env = "PLAN_SECRETS_FILE",
        hide_env_values = true,
        value_name = "FILE"
    )]
    secrets_file: Option<PathBuf>,
}

impl SecretArgs {
    /// The values of all secrets that a plan names.
    ///
    /// # Errors
    ///
    /// If one is missing, or the file is no file of secrets: no value is in the words.
    pub fn supply(&self, names: &[Arc<str>], ctx: &mut Context) -> Result<Secrets, CliError> {
        let file = match &self.secrets_file {
            Some(_) => self.read(ctx)?,
            None => toml::Table::new(),
        };
        let mut values: Vec<Arc<str>> = Vec::with_capacity(names.len());
        let mut missing = Vec::new();
        for name in names {
            let variable = format!("{PREFIX}{}", name.to_ascii_uppercase());
            let value = match file.get(&**name) {
                Some(toml::Value::String(value)) => Some(value.as_str()),
                Some(_) => {
                    return Err(self.wrong(&format!("`{name}` is no text: put it in quotes")));
                }
                None => ctx.environment.get(&variable).map(String::as_str),
            };
            match value {
                Some(value) => values.push(value.into()),
                None => missing.push((name, variable)),
            }
        }
        if let Some((name, variable)) = missing.first() {
            let others = match missing.len() - 1 {
                0 => String::new(),
                1 => ", and one more that is missing".to_owned(),
                more => format!(", and {more} more that are missing"),
            };
            return Err(CliError::Wrong(format!(
                "the plan needs the secret `{name}`: set {variable}, or give it in --secrets-file{others}"
            )));
        }
        for (name, value) in names.iter().zip(&values) {
            if !value.is_empty() && value.chars().count() < MIN_SECRET_CHARS {
                writeln!(
                    ctx.stderr,
                    "warning: the secret `{name}` has fewer than {MIN_SECRET_CHARS} characters, and is not masked"
                )?;
            }
        }
        Ok(Secrets::of(values))
    }

    fn read(&self, ctx: &mut Context) -> Result<toml::Table, CliError> {
        let path = self.secrets_file.as_deref().unwrap_or_else(|| "".as_ref());
        let text = fs::read_to_string(path)
            .map_err(|why| CliError::surroundings(format!("read `{}`", self.name()), why))?;
        if fs::metadata(path).is_ok_and(|file| file.permissions().mode() & OTHERS != 0) {
            let name = self.name();
            writeln!(
                ctx.stderr,
                "warning: others than you can read `{name}`; `chmod 600 {name}` mends that"
            )?;
        }
        text.parse().map_err(|why: toml::de::Error| {
            // Its own words would show the line.
            let line = why.span().map_or(1, |span| {
                1 + text[..span.start.min(text.len())].matches('\n').count()
            });
            self.wrong(&format!("line {line} is not of the form NAME = \"VALUE\""))
        })
    }

    fn wrong(&self, why: &str) -> CliError {
        CliError::Wrong(format!("`{}`: {}", self.name(), printable(why)))
    }

    fn name(&self) -> String {
        let path = self.secrets_file.as_ref();
        let path = path.map(|path| path.display().to_string());
        printable(&path.unwrap_or_default()).into_owned()
    }
}
