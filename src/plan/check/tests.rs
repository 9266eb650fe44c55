use super::*;
use crate::{
    plan::{
        ast::{Body, Class, Share, TaskKind},
        testing::{at, class, draws, plan, request, run, source, task, variable},
    },
    source::{Diagnostic, FileId},
};

#[test]
fn a_plan_that_holds_passes_unchanged() {
    let plan = plan(
        vec![class("a", draws(&[("index", 1), ("both", 2)]))],
        vec![
            task("index", &[]),
            task("login", &[]),
            task("both", &["index", "login"]),
        ],
    );
    let (checked, said) = checked(plan.clone());
    assert_eq!(said, [""; 0]);
    assert_eq!(*checked.plan(), plan);
    assert_eq!(*checked.task("both").name, "both");
    assert_eq!(checked.split(), vec![ClassId(0); 10]);
}

#[test]
fn a_task_that_does_not_exist_is_cut_out_and_the_nearest_is_proposed() {
    let mut editor = class("editor", draws(&[("indx", 1), ("login", 1)]));
    editor.on_start = vec![run("log_in"), run("login")];
    editor.on_stop = vec![run("nowhere")];
    let plan = plan(
        vec![editor, class("reader", draws(&[("elsewhere", 1)]))],
        vec![task("index", &[]), task("login", &["logn"])],
    );
    let (checked, said) = checked(plan);
    assert_eq!(
        said,
        [
            "P0101 there is no task `log_in` | named here | `login` is defined here | = did you mean `login`?",
            "P0101 there is no task `nowhere` | named here | = the tasks are `index` and `login`",
            "P0101 there is no task `logn` | named here | `login` is defined here | = did you mean `login`?",
            "P0101 there is no task `indx` | named here | `index` is defined here | = did you mean `index`?",
            "P0101 there is no task `elsewhere` | named here | = the tasks are `index` and `login`",
        ]
    );
    let plan = checked.plan();
    assert_eq!(plan.users[0].on_start, [run("login")]);
    assert_eq!(plan.users[0].body, draws(&[("login", 1)]));
    assert_eq!(plan.users[0].on_stop, []);
    assert_eq!(plan.users[1].body, Body::Sequence(Vec::new()));
    assert_eq!(plan.tasks[1], task("login", &[]));
}

#[test]
fn tasks_that_come_round_to_themselves_are_shown_once_each_and_cut() {
    let plan = plan(
        vec![class("a", draws(&[("a", 1), ("self", 1), ("c", 1)]))],
        vec![
            task("a", &["b"]),
            task("b", &["leaf", "c", "leaf"]),
            task("c", &["a", "leaf", "b"]),
            task("leaf", &[]),
            task("self", &["self", "self"]),
        ],
    );
    let (checked, said) = checked(plan);
    let end = "= a task cannot come round to itself: nothing would end it";
    assert_eq!(
        said,
        [
            format!(
                "P0102 task `a` runs itself through other tasks | `a` runs `b` | `b` runs `c` | `c` runs `a` | {end}"
            ),
            format!(
                "P0102 task `b` runs itself through other tasks | `b` runs `c` | `c` runs `b` | {end}"
            ),
            format!("P0102 task `self` runs itself | `self` runs `self` | {end}"),
            format!("P0102 task `self` runs itself | `self` runs `self` | {end}"),
        ]
    );
    let left: Vec<_> = checked
        .plan()
        .tasks
        .iter()
        .map(|task| task.tasks().count())
        .collect();
    assert_eq!(left, [1, 3, 1, 0, 0]);
}

#[test]
fn a_long_chain_of_tasks_is_no_problem() {
    let names: Vec<_> = (0..50_000).map(|n| format!("t{n}")).collect();
    let mut tasks: Vec<_> = names
        .windows(2)
        .map(|pair| task(&pair[0], &[&pair[1]]))
        .collect();
    tasks.push(task(&names[49_999], &[]));
    let (_, said) = checked(plan(vec![class("a", draws(&[("t0", 1)]))], tasks));
    assert_eq!(said, [""; 0]);
}

#[test]
fn weights_of_zero_are_pointed_at() {
    let one = draws(&[("index", 0), ("login", 1)]);
    let all = draws(&[("index", 0), ("login", 0)]);
    let mut nobody = class("nobody", one.clone());
    nobody.share = Share::Weight(at(0));
    let mut none = class("none", one.clone());
    none.share = Share::Count(at(0));
    let tasks = vec![task("index", &[]), task("login", &[])];
    let (checked, said) = checked(plan(
        vec![class("a", one), class("b", all), nobody, none],
        tasks,
    ));
    assert_eq!(
        said,
        [
            "warning P0104 task `index` of class `a` has weight 0 | so it is never drawn | = leave it out, or give it a weight of at least 1",
            "P0103 all tasks of class `b` have weight 0 |  |  | = give one of them a weight of at least 1",
            "warning P0104 task `index` of class `nobody` has weight 0 | so it is never drawn | = leave it out, or give it a weight of at least 1",
            "warning P0104 task `index` of class `none` has weight 0 | so it is never drawn | = leave it out, or give it a weight of at least 1",
            "warning P0104 class `nobody` has weight 0 | so no user belongs to it | = leave it out, or give it a weight of at least 1",
            "warning P0104 class `none` has count 0 | so no user belongs to it | = leave it out, or give it a count of at least 1",
        ]
    );
    assert_eq!(
        checked.plan().users[1].body,
        draws(&[("index", 1), ("login", 1)])
    );
}

/// Users, shares, and what is said of them.
#[test]
fn users_and_shares_have_to_fit() {
    use Share::{Count, Weight};
    let rows: [(u32, Vec<Share>, &[&str]); 9] = [
        (10, vec![Weight(at(9)), Weight(at(1))], &[]),
        (3, vec![Count(at(2)), Weight(at(1))], &[]),
        (
            5,
            vec![Weight(at(9)), Weight(at(1))],
            &[
                "warning P0106 class `b` gets no user | too small a share | of 5 users | = it gets its first at 6 users",
            ],
        ),
        (
            2,
            vec![Count(at(2)), Weight(at(1))],
            &["warning P0106 class `b` gets no user | too small a share | of 2 users"],
        ),
        (
            1,
            vec![Count(at(2)), Count(at(1)), Weight(at(1))],
            &[
                "P0105 the counts of the classes add up to 3, but there is 1 user | the number of users | 2 of class `a` | 1 of class `b` | = plan at least 3 users, or lower a count",
            ],
        ),
        (
            5,
            vec![Count(at(2)), Count(at(1))],
            &[
                "P0105 2 of 5 users would belong to no class | the number of users | 2 of class `a` | 1 of class `b` | = give one class a `weight` instead of a `count`: it takes the rest",
            ],
        ),
        (
            5,
            vec![Weight(at(0)), Count(at(0))],
            &[
                "P0103 all classes have a share of 0 |  |  | = give one of them a `weight` of at least 1",
            ],
        ),
        (
            0,
            vec![Weight(at(1))],
            &["P0108 a run needs at least one user | must be from 1 to 1000000"],
        ),
        (
            1_000_001,
            vec![Weight(at(1))],
            &["P0108 1000001 users are more than one run can have | must be from 1 to 1000000"],
        ),
    ];
    for (users, shares, expected) in rows {
        let classes = ["a", "b", "c"]
            .into_iter()
            .zip(shares)
            .map(|(name, share)| Class {
                share,
                ..class(name, draws(&[("index", 1)]))
            })
            .collect();
        let mut plan = plan(classes, vec![task("index", &[])]);
        plan.load.users = Some(at(users));
        let (checked, said) = checked(plan);
        assert_eq!(said, expected, "{users} users");
        let errors = said.iter().any(|line| line.starts_with('P'));
        assert_eq!(checked.split().is_empty(), errors, "{users} users");
    }
}

#[test]
fn load_says_how_many_and_how_long() {
    let said = |change: fn(&mut Plan)| {
        let classes = vec![class("a", draws(&[("index", 1)]))];
        let mut plan = plan(classes, vec![task("index", &[])]);
        change(&mut plan);
        checked(plan).1
    };
    assert_eq!(
        said(|plan| plan.load.users = None),
        ["P0107 `load` needs `users` | says nothing of `users` | = add `users: 10`"]
    );
    assert_eq!(
        said(|plan| plan.load.duration = None),
        ["P0107 `load` needs `duration` | says nothing of `duration` | = add `duration: 5m`"]
    );
    assert_eq!(
        said(|plan| plan.load = crate::plan::ast::Load::default()),
        [
            "P0107 `load` needs `users` and `duration` | this plan has no `load` | = add `load` with `users: 10` and `duration: 5m`"
        ]
    );
}

#[test]
fn one_name_means_one_thing() {
    let mut a = class("a", draws(&[("index", 1)]));
    // A variable of the plan may be set anew by a class: that is what it is for.
    a.vars = vec![variable("mine"), variable("shared")];
    let mut index = task("index", &[]);
    index.kind = TaskKind::Steps(vec![request(&["found"])]);
    let mut plan = plan(vec![a], vec![index]);
    plan.vars = vec![variable("shared")];
    plan.data = ["accounts", "shared", "mine", "found"].map(source).into();
    let (checked, said) = checked(plan);
    let both = |name: &str| {
        format!(
            "P0109 `{name}` is a data source and a variable | the data source | the variable | = give one of them another name"
        )
    };
    assert_eq!(said, [both("shared"), both("mine"), both("found")]);
    assert_eq!(checked.plan().data, [source("accounts")]);
}

#[test]
fn tasks_that_no_class_runs_are_named() {
    let mut a = class("a", Body::Sequence(vec![run("direct")]));
    a.on_start = vec![run("start")];
    a.on_stop = vec![run("stop")];
    let tasks = vec![
        task("direct", &["through"]),
        task("through", &[]),
        task("start", &[]),
        task("stop", &[]),
        task("forgotten", &["with_it"]),
        task("with_it", &[]),
    ];
    assert_eq!(
        checked(plan(vec![a], tasks)).1,
        [
            "warning P0110 task `forgotten` is never used | no class runs it",
            "warning P0110 task `with_it` is never used | no class runs it",
        ]
    );
}

#[test]
fn a_fragment_is_judged_through_the_plans_that_include_it() {
    let mut fragment = Plan::empty(FileId(0));
    fragment.kind = PlanKind::Fragment;
    fragment.tasks = vec![task("login", &["elsewhere"])];
    let (checked, said) = checked(fragment.clone());
    assert_eq!(said, [""; 0]);
    assert_eq!(*checked.plan(), fragment);
    assert_eq!(checked.split(), []);
}

/// The checked plan, and a line for each diagnostic, in the order of finding.
fn checked(plan: Plan) -> (CheckedPlan, Vec<String>) {
    let mut found = Diagnostics::new();
    let checked = check(plan, &mut found);
    // All places are equal here, and sorting keeps the order of equals.
    let said = found.sorted().into_iter().map(line).collect();
    (checked, said)
}

fn line(diagnostic: &Diagnostic) -> String {
    use crate::source::Severity;
    let severity = match diagnostic.severity {
        Severity::Note => "note ",
        Severity::Warning => "warning ",
        Severity::Error => "",
    };
    let mut line = format!("{severity}{} {}", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        line.push_str(&format!(" | {}", label.text));
    }
    for help in &diagnostic.help {
        line.push_str(&format!(" | = {help}"));
    }
    line
}
