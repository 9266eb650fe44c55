//! The configuration of whoever runs plans: what no plan can change.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{CliError, Context};
use crate::{
    base::{allowed::AllowedTargets, printable::printable},
    source::nearest,
};

/// What the configuration can say.
const KEYS: [&str; 1] = ["allow_targets"];

/// What this machine, or this person, holds all plans to.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The servers that may be asked.
    pub allowed: AllowedTargets,
}

impl Config {
    /// Reads the file that was named, else the one in the usual place, if it is there.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or says something that no configuration can.
    pub fn read(named: Option<&Path>, ctx: &Context) -> Result<Config, CliError> {
        let (path, text) = match named {
            Some(path) => (path.to_owned(), fs::read_to_string(path)),
            None => match usual_place(ctx) {
                Some(path) => {
                    let text = fs::read_to_string(&path);
                    (path, text)
                }
                None => return Ok(Config::default()),
            },
        };
        let shown = printable(&path.display().to_string()).into_owned();
        match text {
            Ok(text) => parse(&text)
                .map_err(|why| CliError::Wrong(format!("configuration `{shown}`: {why}"))),
            // Nobody has to have one; whoever names one wants it to hold.
            Err(why) if named.is_none() && why.kind() == io::ErrorKind::NotFound => {
                Ok(Config::default())
            }
            Err(why) => Err(CliError::surroundings(
                format!("read the configuration `{shown}`"),
                why,
            )),
        }
    }
}

/// `$XDG_CONFIG_HOME/plan/config.toml`, and `.config` in one's home without that.
fn usual_place(ctx: &Context) -> Option<PathBuf> {
    let set = |name: &str| {
        let value = ctx.environment.get(name)?;
        Some(PathBuf::from(value)).filter(|path| path.is_absolute())
    };
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(folder.join("plan").join("config.toml"))
}

fn parse(text: &str) -> Result<Config, String> {
    let table: toml::Table = text.parse().map_err(|why: toml::de::Error| {
        let before = why.span().map_or(0, |span| span.start.min(text.len()));
        let line = 1 + text[..before].matches('\n').count();
        format!("line {line}: {}", why.message())
    })?;
    let mut config = Config::default();
    for (key, value) in &table {
        if key != "allow_targets" {
            let near = nearest(key, KEYS).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!(
                "`{key}` is not a key of it{}",
                near.unwrap_or_default()
            ));
        }
        let texts = value.as_array().and_then(|items| {
            let texts = items.iter().map(toml::Value::as_str);
            texts.collect::<Option<Vec<&str>>>()
        });
        let texts = texts.ok_or("`allow_targets` is a list of texts")?;
        config.allowed =
            AllowedTargets::of(texts).map_err(|why| format!("`allow_targets`: {why}"))?;
    }
    Ok(config)
}
