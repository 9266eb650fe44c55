//! A threshold in its one spelling.

use std::fmt;

use super::{Basis, Comparison, Metric, Of, Threshold, reading};
use crate::base::duration;

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.basis {
            Basis::Response => {}
            Basis::Service => f.write_str("service ")?,
        }
        write!(f, "{}{}", self.metric, self.of)?;
        if let Some(stage) = &self.stage {
            write!(f, " in stage {}", Name(stage))?;
        }
        write!(f, " {} {}", self.comparison, self.limit)?;
        if let Some(over) = self.over {
            write!(f, " over {}", duration::text(over))?;
        }
        if self.abort {
            f.write_str(" abort")?;
        }
        Ok(())
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Errors => f.write_str("errors"),
            Metric::Rate => f.write_str("rate"),
            Metric::Percentile(percent) => write!(f, "p{percent}"),
            Metric::Mean => f.write_str("mean"),
            Metric::Max => f.write_str("max"),
            Metric::Min => f.write_str("min"),
            Metric::Dropped => f.write_str("dropped"),
            Metric::Skipped => f.write_str("skipped"),
            Metric::Bytes => f.write_str("bytes"),
        }
    }
}

/// Begins with a space, unless it is nothing.
impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Of::All => Ok(()),
            Of::Name(name) => write!(f, " of \"{name}\""),
            Of::Group(name) => write!(f, " of group {}", Name(name)),
            Of::Class(name) => write!(f, " of class {}", Name(name)),
            Of::Iteration(name) => write!(f, " of iteration {}", Name(name)),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        })
    }
}

/// A name that is quoted unless it is one plain word.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match reading::is_plain(self.0) {
            true => f.write_str(self.0),
            false => write!(f, "\"{}\"", self.0),
        }
    }
}
