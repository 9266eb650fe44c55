//! Sets, paces, guards, values and limits: plans on a paused clock.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::sync::Arc;

use plan::{
    engine::StopSignal,
    exchange::FailureKind,
    protocol::scripted::{Answer, Scripted},
    stats::{Ended, RunRecord},
};
use running::{Log, Run, compile, lines, logging, mistakes, moments, ms, requests};

/// A plan of one class: what it says besides its wait, then tasks, then load.
fn plan(class: &str, tasks: &str, load: &str) -> String {
    let indented = |text: &str, by: usize| {
        let pad = " ".repeat(by);
        let lines = running::dedent(text);
        let lines = lines.lines().map(|line| format!("{pad}{line}\n"));
        lines.collect::<String>()
    };
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n{}tasks:\n{}load: {load}\n",
        indented(class, 4),
        indented(tasks, 2),
    )
}

/// Runs a plan; what users asked for is in the log.
async fn run(text: &str) -> (RunRecord, Log) {
    let log = Log::default();
    let target = logging(&log, |_, _| Answer::new(200, ""));
    let record = Run::of(compile(text), target).go().await;
    (record, log)
}

#[tokio::test(start_paused = true)]
async fn a_set_is_entered_gone_round_and_left() {
    let (_, log) = run(&plan(
        "
        wait: 10s
        sequence: [browse, { get: /after }]
        ",
        "
        browse:
          on_start: [{ get: /enter }]
          sequence: [{ get: /a }, { get: /b }]
          wait: 1s
          rounds: 2
          on_stop: [{ get: /leave }]
        ",
        "{ users: 1, duration: 30s }",
    ))
    .await;

    // No waits in `on_start` and `on_stop`; the set's own wait after each step of a
    // round, the class's after the set and after the step beside it.
    assert_eq!(
        log.lock().unwrap()[&1],
        [
            (0, "GET /enter".to_owned()),
            (0, "GET /a".to_owned()),
            (1_000, "GET /b".to_owned()),
            (2_000, "GET /a".to_owned()),
            (3_000, "GET /b".to_owned()),
            (4_000, "GET /leave".to_owned()),
            (14_000, "GET /after".to_owned()),
            (24_000, "GET /enter".to_owned()),
            (24_000, "GET /a".to_owned()),
            (25_000, "GET /b".to_owned()),
            (26_000, "GET /a".to_owned()),
            (27_000, "GET /b".to_owned()),
            (28_000, "GET /leave".to_owned()),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_set_without_a_wait_of_its_own_has_that_of_the_class() {
    let (_, log) = run(&plan(
        "{ wait: 3s, sequence: [browse] }",
        "browse: { tasks: [index], rounds: 2 }\nindex: [{ get: / }, wait, { get: /next }]",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    // `think` inside the task, and after each round; the class's wait after the set
    // comes only if there is another pass.
    assert_eq!(moments(&log, 1), [0, 3_000, 6_000, 9_000]);
}

#[tokio::test(start_paused = true)]
async fn a_set_goes_round_until_its_condition_holds() {
    let (_, log) = run(&plan(
        "
        wait: 1s
        vars: { n: 0 }
        sequence: [count, { get: '/done/{{ n }}' }]
        ",
        "
        count:
          sequence: [{ set: { n: '{{ n + 1 }}' } }, { get: '/{{ n }}' }]
          wait: none
          until: n % 3 == 0
        ",
        "{ users: 1, duration: 4s }",
    ))
    .await;
    // It is looked at after a round, so a set is gone round once at least.
    assert_eq!(
        lines(&log, 1),
        [
            "GET /1",
            "GET /2",
            "GET /3",
            "GET /done/3",
            "GET /4",
            "GET /5",
            "GET /6",
            "GET /done/6",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn until_and_a_number_of_rounds_end_a_set_whichever_comes_first() {
    // Each pass of the class is one more visit to the set, and counts on.
    for (rounds, visits) in [(2, vec![2, 2, 1, 1]), (9, vec![4, 1, 1, 1])] {
        let text = plan(
            "{ wait: 1s, vars: { n: 0 }, sequence: [count, { get: '/{{ n }}' }] }",
            &format!(
                "
                count:
                  sequence: [{{ set: {{ n: '{{{{ n + 1 }}}}' }} }}, {{ get: / }}]
                  rounds: {rounds}
                  until: n >= 4
                "
            ),
            "{ users: 1, duration: 1h }",
        );
        let (_, log) = run(&text).await;
        let lines = lines(&log, 1);
        let rounds: Vec<usize> = lines
            .split(|line| line != "GET /")
            .map(<[String]>::len)
            .take(4)
            .collect();
        assert_eq!(rounds, visits);
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_who_is_to_leave_goes_through_the_ends_of_its_sets() {
    let text = plan(
        "
        wait: 1h
        choose_once: [stay]
        on_stop: [{ get: /bye }]
        ",
        "
        stay:
          on_start: [{ get: /enter }]
          tasks: [read]
          rounds: forever
          on_stop: [{ get: /leave }]
        read: [{ get: / }]
        ",
        "{ users: 1, duration: 10h }",
    );
    let log = Log::default();
    let target = logging(&log, |_, _| Answer::new(200, ""));
    let record = Run::of(compile(&text), target)
        .stop(ms(60_000), StopSignal::Terminate)
        .go()
        .await;
    assert_eq!(
        lines(&log, 1),
        ["GET /enter", "GET /", "GET /leave", "GET /bye"]
    );
    assert_eq!(
        record.elapsed,
        ms(60_000),
        "it waited, so it leaves at once"
    );
    assert_eq!(record.ended, Ended::Terminated);
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_start_fails_is_not_entered() {
    let text = plan(
        "{ wait: 1s, sequence: [stay, { get: /next }], on_stop: [{ get: /bye }] }",
        "
        stay:
          on_start: [{ get: /enter }, { get: /never }]
          tasks: [read]
          on_stop: [{ get: /leave }]
        read: [{ get: / }]
        ",
        "{ users: 1, per_user: 1 }",
    );
    let log = Log::default();
    let target = logging(&log, |_, path| {
        Answer::new(if path == "/enter" { 500 } else { 200 }, "")
    });
    Run::of(compile(&text), target).go().await;
    assert_eq!(lines(&log, 1), ["GET /enter", "GET /next", "GET /bye"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_leaves_the_innermost_drawn_task() {
    let text = plan(
        "{ wait: 1s, sequence: [outer, { get: /next }] }",
        "
        outer: [middle, { get: /rest_of_outer }]
        middle: { sequence: [inner, { get: /second }], rounds: 2 }
        inner: [{ get: /fails }, { get: /never }]
        ",
        "{ users: 1, per_user: 2 }",
    );
    let log = Log::default();
    let target = logging(&log, |_, path| {
        Answer::new(if path == "/fails" { 500 } else { 200 }, "")
    });
    Run::of(compile(&text), target).go().await;
    // What fails in a step of a round leaves that step; the set goes on.
    assert_eq!(
        lines(&log, 1),
        [
            "GET /fails",
            "GET /second",
            "GET /fails",
            "GET /second",
            "GET /rest_of_outer",
            "GET /next",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn users_choose_once_and_in_exact_shares() {
    let (record, log) = run(&plan(
        "{ wait: 1s, choose_once: { a: 9, b: 1 } }",
        "a: [{ get: /a }]\nb: [{ get: /b }]",
        "{ users: 20, per_user: 5 }",
    ))
    .await;
    assert_eq!(requests(&record, "GET /a"), 18 * 5);
    assert_eq!(requests(&record, "GET /b"), 2 * 5);
    for user in 1..=20 {
        let lines = lines(&log, user);
        assert!(lines.iter().all(|line| *line == lines[0]), "{lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_iteration_is_a_round_of_the_innermost_set_that_is_stayed_in() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        on_start: [{ get: '/start/{{ iteration }}' }]
        sequence: [once, thrice]
        ",
        "
        once: { sequence: [{ get: '/once/{{ iteration }}' }] }
        thrice: { sequence: [{ get: '/thrice/{{ iteration }}' }], rounds: 3 }
        ",
        "{ users: 1, per_user: 5 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        [
            "GET /start/0",
            "GET /once/1",
            "GET /thrice/1",
            "GET /thrice/2",
            "GET /thrice/3",
            "GET /once/4",
            "GET /thrice/4",
            "GET /thrice/5",
        ]
    );
    assert_eq!(record.classes[0].iterations, 5);
}

#[tokio::test(start_paused = true)]
async fn all_users_share_the_iterations_of_a_run() {
    for workers in [1, 2, 3] {
        let text = plan(
            "{ wait: 1s, sequence: [{ get: / }] }",
            "unused: [{ get: /x }]",
            "{ users: 4, iterations: 10, duration: 1h }",
        );
        let record = Run::of(compile(&text), Scripted::always(200))
            .workers(workers)
            .go()
            .await;
        assert_eq!(requests(&record, "GET /"), 10, "{workers} workers");
        assert_eq!(record.classes[0].iterations, 10);
        assert_eq!(
            record.elapsed,
            ms(3_000),
            "all leave when there is no more to do"
        );
        assert_eq!(record.ended, Ended::Finished);
    }
}

#[tokio::test(start_paused = true)]
async fn a_pace_is_kept_from_start_to_start() {
    let text = plan(
        "{ wait: { pacing: 10s }, sequence: [{ get: / }] }",
        "unused: [{ get: /x }]",
        "{ users: 1, duration: 60s }",
    );
    let log = Log::default();
    // The third answer takes 25 s: the next round starts at once, and what was
    // missed is not made up for.
    let counted = Log::clone(&log);
    let target = logging(&log, move |user, _| {
        let slow = moments(&counted, user).len() == 3;
        Answer::new(200, "").after(ms(if slow { 25_000 } else { 2_000 }))
    });
    let record = Run::of(compile(&text), target).go().await;
    assert_eq!(moments(&log, 1), [0, 10_000, 20_000, 45_000, 55_000]);
    assert_eq!(record.total.ok, 5);
}

#[tokio::test(start_paused = true)]
async fn a_set_has_a_pace_of_its_own() {
    let (_, log) = run(&plan(
        "{ wait: { pacing: 30s }, tasks: [look] }",
        "
        look: { sequence: [{ get: / }], wait: { pacing: 4s }, rounds: 3 }
        ",
        "{ users: 1, per_user: 6 }",
    ))
    .await;
    assert_eq!(moments(&log, 1), [0, 4_000, 8_000, 30_000, 34_000, 38_000]);
}

#[tokio::test(start_paused = true)]
async fn a_pace_is_scaled_as_waits_are() {
    let text = plan(
        "{ wait: { pacing: 10s }, sequence: [{ get: / }] }",
        "unused: [{ get: /x }]",
        "{ users: 1, per_user: 3 }",
    );
    let log = Log::default();
    let target = logging(&log, |_, _| Answer::new(200, ""));
    Run::of(compile(&text), target).wait_scale(0.5).go().await;
    assert_eq!(moments(&log, 1), [0, 5_000, 10_000]);
}

#[tokio::test(start_paused = true)]
async fn a_step_is_skipped_where_its_condition_does_not_hold() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - get: /even
            when: iteration % 2 == 0
          - get: /always
          - wait: 1h
            when: false
          - task: rare
            when: user.class == 'nobody'
        ",
        "rare: [{ get: /rare }]",
        "{ users: 1, per_user: 3 }",
    ))
    .await;
    assert_eq!(
        log.lock().unwrap()[&1],
        [
            // A skipped step is still a step of the sequence, and the wait after it
            // is waited; a skipped `wait` does not wait.
            (1_000, "GET /always".to_owned()),
            (4_000, "GET /even".to_owned()),
            (5_000, "GET /always".to_owned()),
            (9_000, "GET /always".to_owned()),
        ]
    );
    let skipped: Vec<_> = record
        .skipped
        .iter()
        .map(|(step, count)| (&**step, *count))
        .collect();
    assert_eq!(skipped, [("GET /even", 2), ("task rare", 3), ("wait", 3)]);
}

#[tokio::test(start_paused = true)]
async fn values_are_set_taken_away_and_asked_for() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        vars: { n: 0, words: [a, b] }
        tasks: [all]
        ",
        "
        all:
          - set: { n: '{{ n + 1 }}', twice: '{{ m * 2 }}', m: '{{ n }}', flag: true }
          - get: '/{{ n }}/{{ m }}/{{ twice }}/{{ flag }}/{{ words[1] }}'
          - unset: [twice]
          - get: /gone
            when: twice is not defined
          - get: '/{{ twice }}'
            when: twice is defined
        ",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    // Who reads whom decides the order within a `set`: `m` is the new `n`.
    assert_eq!(
        lines(&log, 1),
        [
            "GET /1/1/2/true/b",
            "GET /gone",
            "GET /2/2/4/true/b",
            "GET /gone"
        ]
    );
    assert_eq!(record.total.failed, 0);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_worked_out_leaves_the_task() {
    let (record, log) = run(&plan(
        "{ wait: 1s, vars: { n: 0 }, tasks: [broken] }",
        "broken: [{ set: { m: '{{ 1 / n }}' } }, { get: '/{{ m }}' }]",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    assert!(log.lock().unwrap().is_empty());
    assert_eq!(record.failures.len(), 1);
    let failure = &record.failures[0];
    assert_eq!((&*failure.name, failure.count), ("(set)", 2));
    assert_eq!(failure.kind, FailureKind::Template);
    assert!(failure.examples[0].detail.contains("`m`"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_task_is_told_what_it_needs() {
    let (_, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - { task: twice, with: { word: 'w{{ iteration }}' } }
          - plain
        ",
        "
        twice:
          params: [word]
          steps:
            - { task: say, with: { text: '{{ word }}1', loud: true } }
            - { task: say, with: { text: '{{ word }}2' } }
            - get: '/{{ word }}'
        say:
          params: { text: nothing, loud: false }
          steps: [{ get: '/{{ text }}/{{ loud }}' }]
        plain: [say]
        ",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        [
            "GET /w11/true",
            "GET /w12/false",
            "GET /w1",
            "GET /nothing/false"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn samples_of_ones_own_are_counted_and_take_their_time() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - record: { type: log, name: INFO, time: 250ms }
          - record: { type: job, name: 'of {{ user.class }}', ok: '{{ iteration < 3 }}' }
        ",
        "unused: [{ get: /x }]",
        "{ users: 1, per_user: 4 }",
    ))
    .await;
    assert!(log.lock().unwrap().is_empty(), "nothing is sent");
    let row = |name: &str| {
        let row = record.rows.iter().find(|row| &*row.name == name).unwrap();
        (row.ok, row.failed, row.response().max().unwrap())
    };
    assert_eq!(row("log INFO"), (4, 0, ms(250)));
    assert_eq!(row("job of visitor"), (2, 2, ms(0)));
    assert_eq!(record.failures[0].kind, FailureKind::Recorded);
    // 250 ms of each pass are slept, and then both steps waited for; nobody waits
    // after the last one.
    assert_eq!(record.elapsed, ms(4 * 250 + 7 * 1_000));
}

/// A text that doubles in each pass: without a bound, a machine is full after forty.
#[tokio::test(start_paused = true)]
async fn a_variable_holds_so_much_and_no_more() {
    let (record, _) = run(&plan(
        "
        wait: 1s
        vars: { text: '0123456789abcdef' }
        tasks: [double]
        ",
        "double: [{ set: { text: '{{ text ~ text }}' } }]",
        "{ users: 1, per_user: 20 }",
    ))
    .await;
    // From 16 bytes to half a mebibyte in fifteen passes; the sixteenth would have
    // filled a mebibyte, and what a value takes itself comes on top.
    let [failure] = record.failures.as_slice() else {
        panic!("{:?}", record.failures);
    };
    assert_eq!((&*failure.name, failure.count), ("(set)", 5));
    assert_eq!(
        failure.examples[0].detail,
        "`text`: more than 1 MiB, which is the most that a variable holds"
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_sends_nothing_ends_without_a_verdict() {
    let (record, _) = run(&plan(
        "{ wait: none, tasks: [tell] }",
        "tell: [{ log: '{{ user.class }} {{ user.id }}' }]",
        "{ users: 1, duration: 1s }",
    ))
    .await;
    // A round that neither waits nor sends sleeps a millisecond.
    assert_eq!(record.log_lines, 1_000);
    assert!(record.log_lines_left_out >= 900, "nobody reads so many");
    assert!(record.rows.is_empty());
    let conclusion = record.conclusion();
    assert_eq!(conclusion.exit, 4);
    assert_eq!(conclusion.reason, "INCONCLUSIVE: no request was made");
}

#[tokio::test(start_paused = true)]
async fn lines_of_the_log_are_seen_while_the_run_goes_on() {
    let text = plan(
        "{ wait: 1s, tasks: [tell] }",
        "tell: [{ log: 'round {{ iteration }}', when: iteration <= 3 }]",
        "{ users: 1, duration: 6s }",
    );
    let mut seen: Vec<(u64, Arc<str>)> = Vec::new();
    Run::of(compile(&text), Scripted::always(200))
        .go_watched(|snapshot| {
            let numbered = (snapshot.log_before..).zip(&*snapshot.log);
            seen.extend(numbered.map(|(number, line)| (number, line.text.clone())));
        })
        .await;
    seen.dedup();
    seen.sort();
    seen.dedup();
    let texts: Vec<_> = seen.iter().map(|(_, text)| &**text).collect();
    assert_eq!(texts, ["round 1", "round 2", "round 3"]);
}

#[tokio::test(start_paused = true)]
async fn weights_share_out_users_and_not_what_they_do() {
    for (users, web) in [(5, 5), (10, 9)] {
        let text = format!(
            "
            plan: 1
            target: http://target
            users:
              web: {{ weight: 9, wait: 5s, tasks: [tell] }}
              mobile: {{ weight: 1, wait: 5s, tasks: [tell] }}
            tasks: {{ tell: [{{ log: '{{{{ user.class }}}}' }}] }}
            load: {{ users: {users}, duration: 60s }}
            "
        );
        let text = running::dedent(&text);
        let (record, _) = run(&text).await;
        let started: Vec<u64> = record.classes.iter().map(|class| class.started).collect();
        assert_eq!(started, [web, users - web]);
        assert_eq!(record.log_lines, users * 12);
        assert_eq!(record.conclusion().exit, 4);
    }
}

#[test]
fn a_value_that_is_taken_away_is_missed() {
    assert_eq!(
        mistakes(&plan(
            "
            wait: 1s
            vars: { n: 0 }
            sequence:
              - get: '/{{ n }}'
              - unset: [n]
            ",
            "unused: [{ get: '/{{ m }}' }, { unset: [nn] }]",
            "{ users: 1, duration: 1s }",
        )),
        "\
error[P0301]: `n` may have been taken away when it is read
 --> plan.yaml:8:19
  |
8 |       - get: '/{{ n }}'
  |                   ^ users of `visitor` may come here without it
9 |       - unset: [n]
  |                 - taken away here
  |
  = help: set it again before, or guard the step by `when: n is defined`

warning[P0110]: task `unused` is never used
  --> plan.yaml:12:3
   |
12 |   unused: [{ get: '/{{ m }}' }, { unset: [nn] }]
   |   ^^^^^^ no class runs it

error[P0302]: nothing sets `m`
  --> plan.yaml:12:24
   |
12 |   unused: [{ get: '/{{ m }}' }, { unset: [nn] }]
   |                        ^ read here

error[P0302]: nothing sets `nn`
  --> plan.yaml:12:43
   |
12 |   unused: [{ get: '/{{ m }}' }, { unset: [nn] }]
   |                                           ^^ so there is nothing to take away
   |
   = help: did you mean `n`?

3 errors, 1 warning in plan.yaml
"
    );
}

/// What is wrong with a plan: codes, places and messages.
fn told(class: &str, tasks: &str) -> Vec<String> {
    let text = mistakes(&plan(class, tasks, "{ users: 2, duration: 1s }"));
    let mut lines = text.lines();
    let mut told = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("error[") || line.starts_with("warning[") {
            let place = lines
                .next()
                .unwrap()
                .trim()
                .trim_start_matches("--> plan.yaml:");
            told.push(format!("{place} {line}"));
        }
    }
    told
}

#[test]
fn a_value_set_in_one_step_of_a_sequence_is_certain_in_the_next_if_setting_cannot_fail() {
    let sure = "{ wait: 1s, sequence: [{ set: { n: 1, m: '{{ user }}x' } }, { get: '/{{ n }}/{{ m }}' }] }";
    let sure = sure.replace("{{ user }}x", "plain text");
    assert_eq!(told(&sure, "a: [wait]")[1..], [] as [&str; 0]);
    let unsure =
        "{ wait: 1s, sequence: [{ set: { n: '{{ 1 / iteration }}' } }, { get: '/{{ n }}' }] }";
    assert_eq!(
        told(unsure, "a: [wait]")[..1],
        ["5:79 error[P0301]: `n` is read before it is set"]
    );
}

#[test]
fn what_a_round_has_set_is_certain_when_the_set_asks_whether_it_is_over() {
    let tasks = "
        known: { tasks: [find], until: n == 2 }
        find: [{ set: { n: 1 } }]
        unknown: { tasks: [look], until: m == 2 }
        look: [{ get: / }, { set: { m: 1 } }]
    ";
    assert_eq!(
        told("{ wait: 1s, tasks: [known, unknown] }", tasks),
        ["9:36 error[P0301]: `m` is read before it is set"]
    );
}

#[test]
fn a_value_that_is_missed_in_many_places_is_told_of_once() {
    let steps = "{ get: '/{{ n }}' }, ".repeat(5);
    let text = plan(
        "wait: 1s\ntasks: [a, b]",
        &format!("a: [{{ set: {{ n: 1 }} }}]\nb: [{steps}wait]"),
        "{ users: 1, duration: 1s }",
    );
    let text = mistakes(&text);
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    assert!(text.contains("and here, and at 2 more"), "{text}");
}

#[test]
fn a_guard_makes_certain_what_it_asks_for() {
    let tasks = "
        find: [{ get: /, extract: { id: { css: a } } }]
        use: [{ get: '/{{ id }}', when: id is defined and iteration > 1 }]
        misuse: [{ get: '/{{ id }}', when: id is defined or iteration > 1 }]
    ";
    assert_eq!(
        told("{ wait: 1s, tasks: [find, use, misuse] }", tasks),
        ["9:24 error[P0301]: `id` is read before it is extracted"]
    );
}

#[test]
fn what_params_can_have_wrong() {
    let rows = [
        (
            "{ wait: 1s, sequence: [say, { task: say, with: { txt: a } }, { task: quiet, with: { a: 1 } }] }",
            "say: { params: [text], steps: [{ get: '/{{ text }}' }] }\nquiet: [{ get: '/{{ text }}' }]",
            vec![
                "5:28 error[P0111]: `say` is not told its `text`",
                "5:54 error[P0111]: `say` has no parameter `txt`",
                "5:89 error[P0111]: `quiet` has no parameter `a`",
                "8:23 error[P0302]: `text` is a parameter of `say` and seen only inside it",
            ],
        ),
        (
            "{ wait: 1s, tasks: [say] }",
            "say: { params: [text], steps: [{ get: '/{{ text }}' }] }",
            vec!["5:25 error[P0111]: `say` is drawn, and its `text` is not given"],
        ),
        (
            "{ wait: 1s, vars: { text: a }, sequence: [{ task: say, with: { text: b } }] }",
            "say: { params: [text], steps: [{ get: '/{{ text }}' }] }",
            vec!["7:19 error[P0112]: the parameter `text` hides something of the same name"],
        ),
        (
            "{ wait: 1s, tasks: [say] }",
            "say: { params: { a: 1 }, steps: [{ log: '{{ a }}' }, { unset: [a] }] }",
            vec!["7:66 error[P0302]: `a` is a parameter, and cannot be taken away"],
        ),
        (
            "{ wait: 1s, tasks: [say], vars: { none: 1 } }",
            "say: [{ log: '{{ user }} {{ response }}' }]",
            vec![
                "5:39 error[P0006]: `none` cannot be the name of a variable",
                "7:20 error[P0302]: `user` is no value itself; it has id and class",
                "7:31 error[P0302]: `response` is no value itself; it has status, url, path, headers, body, json and time",
            ],
        ),
        (
            "{ wait: 1s, tasks: [say] }",
            "say: { params: [a, a, run, 1b], steps: [wait] }",
            vec![
                "5:25 error[P0111]: `say` is drawn, and its `a` is not given",
                "7:22 error[P0005]: the parameter `a` is there twice",
                "7:25 error[P0006]: `run` cannot be the name of a parameter",
                "7:30 error[P0006]: `1b` cannot be the name of a parameter",
            ],
        ),
    ];
    for (class, tasks, expected) in rows {
        assert_eq!(told(class, tasks), expected, "{class} {tasks}");
    }
}

#[test]
fn what_rounds_can_have_wrong() {
    let forever = "stay: { tasks: [read], rounds: forever }\nread: [{ get: / }]";
    let rows = [
        (
            "{ wait: 1s, tasks: [stay, read] }",
            forever,
            vec![
                "5:25 warning[P0113]: `stay` is never left: users of it do nothing else of class `visitor`",
            ],
        ),
        (
            "{ wait: 1s, sequence: [through, read] }",
            "through: [stay]\nstay: { tasks: [read], rounds: forever }\nread: [{ get: / }]",
            vec![
                "5:28 warning[P0113]: `through` is never left: users of it do nothing else of class `visitor`",
            ],
        ),
        ("{ wait: 1s, choose_once: [stay, read] }", forever, vec![]),
        (
            "{ wait: 1s, tasks: { stay: 1, read: 0 } }",
            forever,
            vec!["5:41 warning[P0104]: task `read` of class `visitor` has weight 0"],
        ),
        (
            "{ wait: 1s, on_start: [stay], tasks: [read] }",
            forever,
            vec!["5:28 error[P0114]: `on_start` of class `visitor` never ends"],
        ),
        (
            "{ wait: { pacing: 1s }, tasks: [read] }",
            "read: [wait, { wait: { pacing: 2s } }]",
            vec![
                "7:10 error[P0115]: `think` has no length where rounds are paced",
                "7:24 error[P0006]: `tasks.read[1].wait` cannot be a pacing: nothing here goes round",
            ],
        ),
        (
            "{ wait: 1s, tasks: [a] }",
            "a: { steps: [wait], rounds: 3, until: '{{ x }}' }",
            vec![
                "7:23 error[P0009]: `rounds` belongs to a set, and `steps` make none",
                "7:34 error[P0009]: `until` belongs to a set, and `steps` make none",
                "7:42 error[P0006]: `tasks.a.until` is an expression already, and needs no braces",
            ],
        ),
        (
            "{ wait: 1s, tasks: [a] }",
            "a: { sequence: [wait], rounds: for_ever, tasks: [a] }",
            vec![
                "7:8 error[P0009]: `tasks` and `sequence` exclude each other",
                "7:34 error[P0006]: `tasks.a.rounds` should be `forever`, not `for_ever`",
                "7:52 error[P0102]: task `a` runs itself",
            ],
        ),
    ];
    for (class, tasks, expected) in rows {
        assert_eq!(told(class, tasks), expected, "{class} {tasks}");
    }
}

#[test]
fn what_set_record_and_log_can_have_wrong() {
    let steps = "
        all:
          - set: {}
          - set: { a: '{{ a }}' }
          - set: 7
          - record: { type: log }
          - record: { type: log, name: x, ok: yes }
          - record: { type: log, name: x, time: { pacing: 1s } }
          - log:
          - log: '{{ nobody }}'
          - when: true
          - { get: /, when: '1 +' }
    ";
    assert_eq!(
        told("{ wait: 1s, tasks: [all] }", steps),
        [
            "8:12 error[P0004]: `tasks.all[0].set` is empty",
            "10:12 error[P0003]: `tasks.all[2].set` should be a mapping of variables to their values, not `7`",
            "11:7 error[P0004]: `tasks.all[3].record.name` is missing: what it is called",
            "12:41 error[P0003]: `tasks.all[4].record.ok` should be true, false, or a template that gives one of them, not the text `yes`",
            "13:43 error[P0006]: `tasks.all[5].record.time` cannot be a pacing: nothing here goes round",
            "14:7 error[P0003]: `tasks.all[6].log` is empty",
            "16:7 error[P0004]: this step does not say what it does",
        ]
    );
}

#[test]
fn what_expressions_can_have_wrong() {
    let steps = "
        all:
          - set: { a: '{{ b }}', b: '{{ a }}' }
          - { get: /, when: '1 +' }
          - { get: /, when: nobody is defined }
          - log: '{{ user.name }} {{ user }}'
          - record: { type: log, name: '{{ nothing }}', ok: '{{ some }}' }
    ";
    assert_eq!(
        told("{ wait: 1s, tasks: [all] }", steps),
        [
            "8:21 error[P0303]: `a` is worked out from itself",
            "9:26 error[P0201]: unexpected end, expected expression",
            "10:23 error[P0302]: nothing sets `nobody`",
            "11:16 error[P0302]: `user` has no `name`; it has id and class",
            "11:32 error[P0302]: `user` is no value itself; it has id and class",
            "12:38 error[P0302]: nothing sets `nothing`",
            "12:59 error[P0302]: nothing sets `some`",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_target_that_lets_nobody_in_is_not_asked_for_ever() {
    for (load, starts) in [("per_user: 3", 6), ("iterations: 5", 7)] {
        let text = plan(
            "{ wait: 1s, on_start: [{ get: /in }], sequence: [{ get: / }] }",
            "unused: [{ get: /x }]",
            &format!("{{ users: 2, {load} }}"),
        );
        let record = Run::of(compile(&text), Scripted::always(500)).go().await;
        // Each failed start uses up what an iteration would have.
        assert_eq!(requests(&record, "GET /in"), starts, "{load}");
        assert_eq!(record.classes[0].iterations, 0);
        assert_eq!(record.conclusion().exit, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_sample_that_never_came_has_its_row() {
    let (record, _) = run(&plan(
        "{ wait: 1s, tasks: [all] }",
        "all: [{ get: / }, { record: { type: job, name: never }, when: iteration > 9 }]",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    let names: Vec<_> = record.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["GET /", "job never"]);
}
