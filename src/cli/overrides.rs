//! Options that stand in for keys of the plan: the same for every command that
//! takes them.

use std::time::Duration;

use clap::Args;
use url::Url;

use crate::{
    base::{
        duration::{self, EXAMPLES, NotADuration},
        split::MAX_PLACES,
    },
    plan::{Overrides, Selection},
};

/// What the command line changes in a plan.
#[derive(Debug, Args)]
#[command(next_help_heading = "In place of the plan's own")]
pub struct OverrideArgs {
    /// Base URL of the system under test.
    #[arg(long, value_name = "URL", value_parser = target)]
    target: Option<Url>,

    /// Number of users at full load.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_PLACES)))]
    users: Option<u32>,

    /// Time at full load, such as 90s or 72h; ramps are added to it.
    #[arg(long, value_name = "TIME", value_parser = time)]
    duration: Option<Duration>,

    /// Time in which users start.
    #[arg(long, value_name = "TIME", value_parser = time)]
    ramp_up: Option<Duration>,

    /// Time in which users leave.
    #[arg(long, value_name = "TIME", value_parser = time)]
    ramp_down: Option<Duration>,

    /// Runs nothing but tasks and classes with one of these tags, and what leads to them.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    only: Vec<String>,

    /// Leaves out tasks and classes with one of these tags.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    skip: Vec<String>,
}

impl OverrideArgs {
    /// As the plan understands them.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            target: self.target.clone(),
            users: self.users,
            duration: self.duration,
            ramp_up: self.ramp_up,
            ramp_down: self.ramp_down,
            selection: Selection {
                only: self.only.clone(),
                skip: self.skip.clone(),
            },
        }
    }
}

/// Reads the value of an option that is a time.
///
/// # Errors
///
/// In words for whoever typed it.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|why: NotADuration| format!("{why}; valid are {EXAMPLES}"))
}

/// Reads the value of an option that is the base URL of a target.
///
/// # Errors
///
/// In words for whoever typed it.
pub(super) fn target(text: &str) -> Result<Url, String> {
    let begins = ["http://", "https://"];
    if !begins.iter().any(|begin| text.starts_with(begin)) {
        let host = text.split_once("://").map_or(text, |(_, rest)| rest);
        return Err(format!(
            "a target begins with `http://` or `https://`: write `http://{host}`"
        ));
    }
    Url::parse(text).map_err(|why| why.to_string())
}
