//! What whoever runs a plan changes in it, key by key, before it is read.

/// Changes to the root file of a plan, as they were asked for.
///
/// They are made in the tree of the file, before anything in it means anything: what
/// they say is read as if the author had written it, and told of in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// The environment that is laid over the plan first.
    pub environment: Option<String>,
    /// Then these, in their order.
    pub sets: Vec<Assignment>,
    /// Then variables of the plan and of classes, wherever they are declared.
    pub vars: Vec<Assignment>,
    /// Then thresholds, which come to those of the plan.
    pub thresholds: Vec<String>,
}

/// `load.users=5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Keys from the root, with dots between them; the name of a variable.
    pub path: String,
    /// As it would be written in YAML; for a variable the text itself.
    pub value: String,
}

impl Edits {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        let Edits {
            environment,
            sets,
            vars,
            thresholds,
        } = self;
        environment.is_none() && sets.is_empty() && vars.is_empty() && thresholds.is_empty()
    }
}

impl Assignment {
    /// Takes `PATH=VALUE` apart.
    pub fn parse(text: &str) -> Option<Assignment> {
        let (path, value) = text.split_once('=')?;
        let path = path.trim();
        (!path.is_empty()).then(|| Assignment {
            path: path.to_owned(),
            value: value.to_owned(),
        })
    }
}
