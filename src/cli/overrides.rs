//! Options that stand in for keys of the plan: the same for every command that
//! takes them.

use std::time::Duration;

use clap::Args;
use url::Url;

use super::Context;
use crate::{
    base::{
        duration::{self, EXAMPLES, NotADuration},
        rate::{self, NotARate, Rate},
        split::MAX_PLACES,
        threshold::{NotAThreshold, Threshold},
    },
    exchange::mask,
    plan::{Assignment, Edits, Overrides, Selection},
};

/// What the command line changes in the text of a plan, as it were.
#[derive(Debug, Args)]
#[command(next_help_heading = "In place of the plan's own")]
pub struct EditArgs {
    /// Lays one of the plan's `environments` over it.
    #[arg(long, value_name = "NAME", env = "PLAN_ENV", hide_env_values = true)]
    env: Option<String>,

    /// Sets anything in the plan: keys with dots between them, and a value of YAML.
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<Assignment>,

    /// Gives a variable of `vars` another value.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    var: Vec<Assignment>,
}

impl EditArgs {
    /// As the plan understands them.
    pub fn edits(&self) -> Edits {
        Edits {
            environment: self.env.clone(),
            sets: self.set.clone(),
            vars: self.var.clone(),
            thresholds: Vec::new(),
        }
    }
}

/// What the command line changes in a plan.
#[derive(Debug, Args)]
#[command(next_help_heading = "In place of the plan's own")]
pub struct OverrideArgs {
    #[command(flatten)]
    edits: EditArgs,

    /// Base URL of the system under test.
    #[arg(long, env = "PLAN_TARGET", hide_env_values = true, value_name = "URL", value_parser = target)]
    target: Option<Url>,

    /// Number of users at full load.
    #[arg(long, env = "PLAN_USERS", hide_env_values = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_PLACES)))]
    users: Option<u32>,

    /// Arrivals at full load, such as 50/s or 1000/h.
    #[arg(long, env = "PLAN_RATE", hide_env_values = true, value_name = "RATE", value_parser = rate)]
    rate: Option<Rate>,

    /// Time at full load, such as 90s or 72h; ramps are added to it.
    #[arg(long, env = "PLAN_DURATION", hide_env_values = true, value_name = "TIME", value_parser = time)]
    duration: Option<Duration>,

    /// Time in which users start.
    #[arg(long, env = "PLAN_RAMP_UP", hide_env_values = true, value_name = "TIME", value_parser = time)]
    ramp_up: Option<Duration>,

    /// Time in which users leave.
    #[arg(long, env = "PLAN_RAMP_DOWN", hide_env_values = true, value_name = "TIME", value_parser = time)]
    ramp_down: Option<Duration>,

    /// Judges the run by one more threshold, such as 'p95 < 300ms over 5m abort'.
    #[arg(long, value_name = "TEXT", value_parser = threshold)]
    threshold: Vec<Threshold>,

    /// Runs nothing but tasks and classes with one of these tags, and what leads to them.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    only: Vec<String>,

    /// Leaves out tasks and classes with one of these tags.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    skip: Vec<String>,
}

impl OverrideArgs {
    /// What is changed, as options, for whoever reads the report.
    pub fn told(&self) -> Vec<String> {
        let OverrideArgs {
            edits: EditArgs { env, set, var },
            target,
            users,
            rate,
            duration,
            ramp_up,
            ramp_down,
            threshold,
            only: _,
            skip: _,
        } = self;
        let time = |time: &Option<Duration>| time.map(duration::text);
        let mut told = Vec::new();
        let mut add = |option: &str, value: Option<String>| {
            told.extend(value.map(|value| format!("{option} {value}")));
        };
        add("--env", env.clone());
        for (option, assignments) in [("--set", set), ("--var", var)] {
            for Assignment { path, value } in assignments {
                let value = if says_secret(path) {
                    mask::MASK.to_owned()
                } else {
                    mask::text(value)
                };
                add(option, Some(format!("{path}={value}")));
            }
        }
        add("--target", target.as_ref().map(mask::url));
        add("--users", users.map(|users| users.to_string()));
        add("--rate", rate.map(|rate| rate.to_string()));
        add("--duration", time(duration));
        add("--ramp-up", time(ramp_up));
        add("--ramp-down", time(ramp_down));
        for threshold in threshold {
            add("--threshold", Some(format!("'{threshold}'")));
        }
        told.extend(self.selection().told());
        told
    }

    fn selection(&self) -> Selection {
        Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
        }
    }

    /// As the plan understands them, and what it is held to.
    pub fn overrides(&self, ctx: &Context) -> Overrides {
        Overrides {
            edits: Edits {
                thresholds: self.threshold.iter().map(ToString::to_string).collect(),
                ..self.edits.edits()
            },
            target: self.target.clone(),
            users: self.users,
            rate: self.rate,
            duration: self.duration,
            ramp_up: self.ramp_up,
            ramp_down: self.ramp_down,
            allowed: ctx.config.allowed.clone(),
            selection: self.selection(),
        }
    }
}

/// Whether a path leads to something secret, as far as its keys tell: all of `auth` is.
fn says_secret(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    mask::is_secret(last) || path.split('.').any(|key| key == "auth")
}

fn assignment(text: &str) -> Result<Assignment, String> {
    Assignment::parse(text).ok_or_else(|| "a `=` is missing: NAME=VALUE".to_owned())
}

fn threshold(text: &str) -> Result<Threshold, String> {
    text.parse()
        .map_err(|why: NotAThreshold| match &why.proposal {
            Some(word) => format!("{why}; did you mean `{word}`?"),
            None => why.to_string(),
        })
}

/// Reads the value of an option that is a time.
///
/// # Errors
///
/// In words for whoever typed it.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|why: NotADuration| format!("{why}; valid are {EXAMPLES}"))
}

/// Reads the value of an option that is a rate.
///
/// # Errors
///
/// In words for whoever typed it.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    Rate::parse(text).map_err(|why: NotARate| format!("{why}; valid are {}", rate::EXAMPLES))
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
