//! What options change in a load, and what they cannot.

use std::path::Path;

use plan::{
    base::rate::Rate,
    graph,
    plan::{Overrides, check, parse},
    profile,
    source::{Diagnostics, Format, MemoryLoader, Source, Sources},
};

use super::running::ms;

/// The effective schedule, or why there is none.
fn effective(load: &str, overrides: &Overrides) -> Result<String, String> {
    let text = format!(
        "plan: 1\ntarget: http://127.0.0.1:1\nusers:\n  visitor: {{ wait: 1s, sequence: [{{ get: / }}] }}\nload: {load}\n"
    );
    let mut sources = Sources::new(Source {
        path: Path::new("plan.yaml").into(),
        format: Format::Yaml,
        text,
    });
    let (mut found, mut loader) = (Diagnostics::new(), MemoryLoader::new());
    let mut plan = parse(&mut sources, &mut loader, &mut found).expect("a plan");
    overrides.apply(&mut plan)?;
    let checked = check(plan, &mut found);
    let graph = graph::compile(&checked, &sources, &mut loader, &mut found);
    let graph = graph.expect("a plan without mistakes");
    Ok(profile::text(&graph.loads[0].profile))
}

const STAGES: &str = "{ stages: [{ to: 10 users, over: 1m }, { hold: 5m }, { to: 20 users, over: 0s }, { hold: 1m }, { to: 0 users, over: 2m }] }";
const TWO_LONGEST: &str = "{ stages: [{ to: 10 users, over: 1m }, { hold: 5m }, { to: 20 users, over: 0s }, { hold: 5m }] }";
const OPEN: &str = "{ arrivals: 5/s, max_users: 9, duration: 1m }";

#[test]
fn a_duration_changes_the_hold_that_the_plan_is_about() {
    let overrides = Overrides {
        duration: Some(ms(72 * 3_600_000)),
        ..Overrides::default()
    };
    let of = |load: &str| effective(load, &overrides).unwrap_or_else(|why| format!("error: {why}"));
    assert_eq!(
        of("{ users: 5, duration: 1m, ramp_up: 2s }"),
        "5 users, 2s ramp-up, 3d at full load"
    );
    assert_eq!(
        of(STAGES),
        "to 10 users over 1m, hold 3d, to 20 users at once, hold 1m, to 0 users over 2m"
    );
    assert_eq!(
        of(TWO_LONGEST),
        "error: --duration: stages 2 and 4 hold for 5m each: mark the one that is meant with `steady: true`"
    );
    assert_eq!(
        of(&TWO_LONGEST.replace("0s }, { hold: 5m }", "0s }, { hold: 5m, steady: true }")),
        "to 10 users over 1m, hold 5m, to 20 users at once, hold 3d"
    );
    assert_eq!(of(OPEN), "5/s, 3d at full load, by at most 9 users");
    assert_eq!(
        of("{ stages: [{ to: 10 users, over: 1m }] }"),
        "error: --duration: the stages hold no level, so there is none to hold longer"
    );
    assert_eq!(
        of("{ steps: { by: 1 user, to: 2 users, hold: 1m } }"),
        "error: --duration: the load is a staircase: change it with `--set load.steps.hold=…`"
    );
}

#[test]
fn a_number_of_users_or_a_rate_changes_a_load_of_one_level() {
    let users = Overrides {
        users: Some(7),
        ..Overrides::default()
    };
    let rate = Overrides {
        rate: Some(Rate::parse("30/m").unwrap()),
        ..Overrides::default()
    };
    let of =
        |load, overrides| effective(load, overrides).unwrap_or_else(|why| format!("error: {why}"));
    assert_eq!(
        of("{ users: 5, duration: 1m }", &users),
        "7 users, 1m at full load"
    );
    assert_eq!(
        of(OPEN, &rate),
        "0.5/s, 1m at full load, by at most 9 users"
    );
    assert_eq!(
        of(OPEN, &users),
        "error: --users: the load counts arrivals, not users: `--rate` changes it"
    );
    assert_eq!(
        of("{ users: 5, duration: 1m }", &rate),
        "error: --rate: the load counts users, not arrivals: `--users` changes it"
    );
    assert_eq!(
        of(
            "{ stages: [{ to: 10 users, over: 1m }, { hold: 5m }, { to: 0 users, over: 1m }] }",
            &users
        ),
        "to 7 users over 1m, hold 5m, to 0 users over 1m"
    );
    assert_eq!(
        of(STAGES, &users),
        "error: --users: the stages go to 2 levels: change one with `--set load.stages.0.to=…`"
    );
    // A level that is gone back to is one, and the stage named is one that goes somewhere.
    assert_eq!(
        of(
            "{ stages: [{ pause: 1s }, { to: 9 users, over: 0s }, { to: 20 users, over: 0s }, { to: 9 users, over: 1m }] }",
            &users
        ),
        "error: --users: the stages go to 2 levels: change one with `--set load.stages.1.to=…`"
    );
}

#[test]
fn ramps_are_those_at_the_ends() {
    let overrides = Overrides {
        ramp_up: Some(ms(3_000)),
        ramp_down: Some(ms(4_000)),
        ..Overrides::default()
    };
    let of = |load: &str| effective(load, &overrides).unwrap_or_else(|why| format!("error: {why}"));
    assert_eq!(
        of(STAGES),
        "to 10 users over 3s, hold 5m, to 20 users at once, hold 1m, to 0 users over 4s"
    );
    assert_eq!(
        of(TWO_LONGEST),
        "error: --ramp-down: the last stage goes to no level"
    );
    assert_eq!(
        of(OPEN),
        "5/s, 3s ramp-up, 1m at full load, 4s ramp-down, by at most 9 users"
    );
}
