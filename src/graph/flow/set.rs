//! A set of variables, as bits.

use crate::base::ids::VarId;

/// A set of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set(Box<[u64]>);

impl Set {
    pub(super) fn empty(vars: usize) -> Set {
        Set(vec![0; vars.div_ceil(64)].into())
    }

    pub(super) fn full(vars: usize) -> Set {
        Set(vec![u64::MAX; vars.div_ceil(64)].into())
    }

    pub(super) fn insert(&mut self, var: VarId) {
        self.0[var.index() / 64] |= 1 << (var.index() % 64);
    }

    pub(super) fn remove(&mut self, var: VarId) {
        self.0[var.index() / 64] &= !(1 << (var.index() % 64));
    }

    /// The same, and these.
    pub(super) fn with(&self, vars: &[VarId]) -> Set {
        let mut more = self.clone();
        vars.iter().for_each(|var| more.insert(*var));
        more
    }

    pub(super) fn without(&self, var: VarId) -> Set {
        let mut less = self.clone();
        less.remove(var);
        less
    }

    pub(super) fn contains(&self, var: VarId) -> bool {
        self.0[var.index() / 64] & (1 << (var.index() % 64)) != 0
    }

    /// Keeps what is in both; says whether that changed anything.
    pub(super) fn intersect(&mut self, other: &Set) -> bool {
        let mut changed = false;
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            changed |= *mine & !theirs != 0;
            *mine &= theirs;
        }
        changed
    }
}
