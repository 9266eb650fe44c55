//! What differs where a plan runs.

use url::Url;

use super::{Defaults, Load, Text, Variable};
use crate::{base::threshold::Threshold, source::Spanned};

/// A part of a plan that is laid over it where `--env` names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    pub name: Text,
    pub target: Option<Spanned<Url>>,
    pub vars: Vec<Variable>,
    pub defaults: Defaults,
    pub load: Load,
    /// In place of all that the plan has.
    pub thresholds: Option<Vec<Spanned<Threshold>>>,
}
