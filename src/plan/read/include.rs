//! All files of a plan into one: the root, and what it includes.

use std::{
    collections::HashMap,
    error::Error as _,
    path::{Path, PathBuf},
};

use super::{
    codes,
    context::Context,
    edit,
    file::{self, Shared},
    node::{Node, NodeKind},
    tree,
};
use crate::{
    plan::{
        Edits,
        ast::{DataSource, Plan, Task, Text},
    },
    source::{Diagnostic, Diagnostics, FileId, Loader, Sources, Span, tidy},
};

/// The most files that one plan has.
///
/// A plan of thousands of tasks fits into some dozens; a loader that makes up
/// a new file for every name must not keep us busy for ever.
const MAX_FILES: usize = 256;

/// Reads the root of `sources`, and everything that it includes, into one plan.
///
/// Each file is read once, however often it is named. `None` if what was read
/// is not enough to check: the text is no plan, or parts of it that hold names
/// could not be read. Why is then among the errors `found`.
pub fn parse(
    sources: &mut Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Plan> {
    parse_with(sources, loader, found, &Edits::default())
}

/// As [`parse`], with changes that whoever runs the plan makes in its root file.
pub fn parse_with(
    sources: &mut Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
    edits: &Edits,
) -> Option<Plan> {
    let root = FileId(0);
    let mut collector = Collector {
        sources,
        loader,
        found,
        edits,
        plan: Plan::empty(root),
        names_lost: false,
        chain: Vec::new(),
        files: HashMap::new(),
        tasks: HashMap::new(),
        data: HashMap::new(),
        doubts: Vec::new(),
    };
    collector.file(root, None);
    collector.settle_doubts();
    (!collector.names_lost).then_some(collector.plan)
}

struct Collector<'a> {
    sources: &'a mut Sources,
    loader: &'a mut dyn Loader,
    found: &'a mut Diagnostics,
    edits: &'a Edits,
    plan: Plan,
    names_lost: bool,
    /// The files that are being read, each included by the one before.
    chain: Vec<PathBuf>,
    /// All files ever named, and where first; the root is named nowhere.
    files: HashMap<PathBuf, Option<Span>>,
    tasks: HashMap<String, Span>,
    data: HashMap<String, Span>,
    /// Mistakes, unless there is a task of that name.
    doubts: Vec<(String, Diagnostic)>,
}

impl Collector<'_> {
    /// Reads a file and all below it; `named` is where another file includes it.
    fn file(&mut self, id: FileId, named: Option<Span>) {
        let path = tidy(&self.sources.get(id).path);
        self.files.insert(path.clone(), named);
        self.chain.push(path);
        let shared = self.contents(id, named);
        self.merge_tasks(shared.tasks);
        self.merge_data(shared.data);
        for include in shared.include {
            self.include(id, &include);
        }
        self.chain.pop();
    }

    fn contents(&mut self, id: FileId, named: Option<Span>) -> Shared {
        let mut tree = tree::grow(id, self.sources.get(id), self.found);
        if let (None, Some(root)) = (named, &mut tree.root) {
            let replaced = edit::apply(root, self.edits, self.found);
            self.sources.replace(replaced);
        }
        let source = self.sources.get(id);
        self.names_lost |= tree.gaps || !tree.torn.is_empty();
        let mut ctx = Context::new(id, source, &tree.torn, self.found);
        let Some(root) = tree.root.filter(|root| !ctx.is_empty(root)) else {
            self.names_lost = true;
            ctx.nothing();
            return Shared::default();
        };
        if !is_mapping(&root) {
            self.names_lost = true;
            ctx.not_a_plan(&root);
            return Shared::default();
        }
        let mut shared = match named {
            None => file::root(&root, &mut self.plan, &mut ctx),
            Some(named) => match file::users_key(&root) {
                Some(users) => {
                    ctx.lose_names();
                    ctx.tell(plan_of_its_own(&source.path, named, users));
                    Shared::default()
                }
                None => file::fragment(&root, &mut ctx),
            },
        };
        shared.include.retain(|file| !ctx.is_torn(file.span));
        self.names_lost |= ctx.names_lost();
        self.doubts.extend(ctx.into_doubts());
        shared
    }

    fn settle_doubts(&mut self) {
        for (name, diagnostic) in self.doubts.drain(..) {
            // What was lost may be the task that is meant.
            if self.names_lost || self.tasks.contains_key(&name) {
                continue;
            }
            // It is no task, and nobody has to look for it.
            self.plan
                .retain_steps(&mut |step| step.call().is_none_or(|task| task.value != name));
            self.found.push_once(diagnostic);
        }
    }

    fn include(&mut self, from: FileId, relative: &Text) {
        let from_path = self.sources.get(from).path.clone();
        let path = tidy(
            &from_path
                .parent()
                .unwrap_or(Path::new(""))
                .join(&relative.value),
        );
        if self.chain.contains(&path) {
            return self.cycle(&path, relative);
        }
        if self.files.contains_key(&path) {
            return;
        }
        if self.files.len() >= MAX_FILES {
            self.names_lost = true;
            self.found.push(
                Diagnostic::error(
                    codes::LIMIT,
                    format!("a plan has at most {MAX_FILES} files"),
                )
                .at(relative.span, "one file too many"),
            );
            return;
        }
        match self.loader.plan(&from_path, relative) {
            Ok(source) => {
                let id = self.sources.add(source);
                self.file(id, Some(relative.span));
            }
            Err(error) => {
                self.names_lost = true;
                self.files.insert(path, Some(relative.span));
                let mut message = format!("cannot read {error}");
                let mut cause = error.source();
                while let Some(why) = cause {
                    message.push_str(&format!(": {why}"));
                    cause = why.source();
                }
                self.found.push(
                    Diagnostic::error(codes::INCLUDE, message).at(relative.span, "included here"),
                );
            }
        }
    }

    fn cycle(&mut self, path: &Path, relative: &Text) {
        let diagnostic = Diagnostic::error(
            codes::INCLUDE,
            format!("`{}` includes itself", path.display()),
        )
        .at(relative.span, "included again here");
        let diagnostic = match self.files.get(path) {
            Some(Some(first)) => diagnostic.at(*first, "first included here"),
            Some(None) => diagnostic.at(self.plan.top, "this file is the root plan"),
            None => diagnostic,
        };
        self.found
            .push(diagnostic.help("leave it out; each file is read once, wherever it is named"));
    }

    fn merge_tasks(&mut self, tasks: Vec<Task>) {
        for task in tasks {
            if let Some(first) = self.tasks.get(&task.name.value) {
                let twice = there_twice("task", &task.name, *first);
                self.found.push(twice);
            } else {
                self.tasks.insert(task.name.value.clone(), task.name.span);
                self.plan.tasks.push(task);
            }
        }
    }

    fn merge_data(&mut self, data: Vec<DataSource>) {
        for source in data {
            if let Some(first) = self.data.get(&source.name.value) {
                let twice = there_twice("data source", &source.name, *first);
                self.found.push(twice);
            } else {
                self.data
                    .insert(source.name.value.clone(), source.name.span);
                self.plan.data.push(source);
            }
        }
    }
}

fn plan_of_its_own(path: &Path, named: Span, users: Span) -> Diagnostic {
    Diagnostic::error(
        codes::INCLUDE,
        format!(
            "`{}` is a plan of its own and cannot be included",
            path.display()
        ),
    )
    .at(named, "included here")
    .at(users, "it has users")
    .help("move the tasks that both need into a file without `users`, and include that")
}

fn there_twice(what: &str, name: &Text, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::DUPLICATE,
        format!("the {what} `{}` is there twice", name.value),
    )
    .at(name.span, "again here")
    .at(first, "first here")
    .help("give one of them another name")
}

fn is_mapping(root: &Node) -> bool {
    match root.kind {
        NodeKind::Map(_) => true,
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => false,
    }
}
