//! `if` with `then` and `else`, and `stop`.

use plan::{
    forecast::{forecast, text},
    graph,
    stats::Ended,
};

use super::{
    plan, run,
    running::{compile, lines, mistakes, requests},
    same,
};

#[tokio::test(start_paused = true)]
async fn an_if_goes_one_of_two_ways_and_then_on() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - if: iteration % 2 == 1
            then: [{ get: /odd }, { get: /odd/too }]
            else:
              - if: iteration == 4
                then: [{ get: /four }]
          - get: /after
        ",
        "",
        "{ users: 1, per_user: 4 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        [
            "GET /odd",
            "GET /odd/too",
            "GET /after",
            // Neither way: the wait after the step comes all the same.
            "GET /after",
            "GET /odd",
            "GET /odd/too",
            "GET /after",
            "GET /four",
            "GET /after",
        ]
    );
    // Seven waits: none after the last step.
    assert_eq!(record.elapsed.as_secs(), 7);
    assert_eq!(record.total.failed, 0);
}

#[tokio::test(start_paused = true)]
async fn an_if_can_be_skipped_and_is_counted_by_its_condition() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - if: iteration > 1
            then: [{ get: /then }]
            else: [{ get: /else }]
            when: iteration < 3
        ",
        "",
        "{ users: 1, per_user: 4 }",
    ))
    .await;
    assert_eq!(lines(&log, 1), ["GET /else", "GET /then"]);
    let skipped: Vec<_> = record
        .skipped
        .iter()
        .map(|(name, times)| (&**name, *times))
        .collect();
    assert_eq!(skipped, [("if iteration > 1", 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_behind_an_if_leaves_the_drawn_task() {
    let (_, log) = run(&plan(
        "{ wait: 1s, tasks: [outer] }",
        "
        outer:
          - if: user.id == 1
            then: [inner, { get: /never }]
          - get: /never
        inner:
          - if: user.id == 1
            then: [{ get: /fail, on_fail: continue }, { get: /fail/again }, { get: /never }]
        ",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    let once = ["GET /fail", "GET /fail/again"];
    assert_eq!(lines(&log, 1), [once, once].concat());
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_cannot_be_worked_out_is_a_failure() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        vars: { word: x }
        sequence:
          - if: 1 / word > 1
            then: [{ get: /then }]
            else: [{ get: /else }]
          - get: /next
        ",
        "",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(lines(&log, 1), ["GET /next"]);
    assert_eq!(requests(&record, "(if)"), 1);
    assert_eq!(record.total.failed, 1);
}

#[tokio::test(start_paused = true)]
async fn stop_user_ends_one_user_by_way_of_its_on_stop() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        tasks: [work]
        on_stop: [{ get: /bye }]
        ",
        "
        work:
          - get: /work
          - if: user.id == 1 and iteration == 2
            then: [leave]
          - get: /more
        leave: [{ stop: user }]
        ",
        "{ users: 2, per_user: 3 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        ["GET /work", "GET /more", "GET /work", "GET /bye"]
    );
    assert_eq!(lines(&log, 2).len(), 7);
    assert_eq!(record.ended, Ended::Finished);
}

#[tokio::test(start_paused = true)]
async fn stop_user_goes_through_the_ends_of_the_sets_that_it_is_in() {
    let (_, log) = run(&plan(
        "
        wait: 1s
        sequence: [stay, { get: /never }]
        on_stop: [{ get: /bye }, { stop: user }]
        ",
        "
        stay:
          sequence: [{ get: /in }, { stop: user, when: iteration == 2 }]
          rounds: forever
          on_stop: [{ get: /out }, { get: /out/too }]
        ",
        "{ users: 1, duration: 1h }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        ["GET /in", "GET /in", "GET /out", "GET /out/too", "GET /bye"]
    );
}

#[tokio::test(start_paused = true)]
async fn stop_user_in_on_start_ends_the_user_and_nobody_takes_its_place() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        on_start:
          - get: /start
          - if: user.id == 1
            then: [{ stop: user }]
        sequence: [{ get: / }]
        on_stop: [{ get: /bye }]
        ",
        "",
        "{ users: 2, duration: 2s }",
    ))
    .await;
    assert_eq!(lines(&log, 1), ["GET /start"]);
    assert_eq!(lines(&log, 2), ["GET /start", "GET /", "GET /", "GET /bye"]);
    assert!(!log.lock().unwrap().contains_key(&3));
    assert_eq!(record.classes[0].failed_starts, 0);
}

#[tokio::test(start_paused = true)]
async fn stop_run_ends_all_of_them() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence: [{ get: / }, { stop: run, when: user.id == 2 and iteration == 3 }]
        on_stop: [{ get: /bye }]
        ",
        "",
        "{ users: 2, duration: 1h }",
    ))
    .await;
    assert_eq!(lines(&log, 2).last().unwrap(), "GET /bye");
    assert_eq!(lines(&log, 1).last().unwrap(), "GET /bye");
    assert!(record.elapsed.as_secs() < 10, "{:?}", record.elapsed);
    assert_eq!(record.ended, Ended::StoppedByPlan);
}

#[test]
fn what_both_ways_set_is_set_and_what_one_way_sets_may_not_be() {
    same(
        &mistakes(&plan(
            "{ wait: 1s, tasks: [t] }",
            "
            t:
              - if: user.id == 1
                then: [{ set: { both: 1, one: 1 } }]
                else: [{ set: { both: 2 } }]
              - get: /{{ both }}/{{ one }}
            ",
            "{ users: 1, duration: 1s }",
        )),
        "
        error[P0301]: `one` is read before it is set
          --> plan.yaml:11:27
           |
         9 |       then: [{ set: { both: 1, one: 1 } }]
           |                                --- set here, on one way of an `if`
        10 |       else: [{ set: { both: 2 } }]
        11 |     - get: /{{ both }}/{{ one }}
           |                           ^^^ users of `visitor` may come here without it
           |
           = help: set `one` on both ways of the `if`, or before it; or guard what reads it by `when: one is defined`

        1 error in plan.yaml
        ",
    );
}

#[test]
fn conditions_prove_what_is_set_on_either_way() {
    // Each reads `x`, which only another task sets.
    let rows = [
        ("{ if: x is defined, then: [{ get: '/{{ x }}' }] }", true),
        (
            "{ if: x is defined and user.id > 1, then: [{ get: '/{{ x }}' }] }",
            true,
        ),
        (
            "{ if: x is defined or user.id > 1, then: [{ get: '/{{ x }}' }] }",
            false,
        ),
        (
            "{ if: x is not defined, then: [wait], else: [{ get: '/{{ x }}' }] }",
            true,
        ),
        (
            "{ if: not x is defined, then: [wait], else: [{ get: '/{{ x }}' }] }",
            true,
        ),
        (
            "{ if: x is not defined, then: [{ get: '/{{ x }}' }] }",
            false,
        ),
        // Who has none gets one, or leaves.
        (
            "{ if: x is not defined, then: [{ set: { x: 1 } }] }, { get: '/{{ x }}' }",
            true,
        ),
        (
            "{ set: { x: 1 }, when: x is not defined }, { get: '/{{ x }}' }",
            true,
        ),
        (
            "{ if: x is not defined, then: [{ stop: user }] }, { get: '/{{ x }}' }",
            true,
        ),
        (
            "{ if: user.id > 1, then: [{ set: { x: 1 } }] }, { get: '/{{ x }}' }",
            false,
        ),
        (
            "{ if: user.id > 1, then: [{ get: /, on_fail: continue, extract: { x: url } }], \
           else: [{ set: { x: 1 } }] }, { get: '/{{ x }}' }",
            false,
        ),
    ];
    for (steps, sound) in rows {
        let text = plan(
            "{ wait: 1s, tasks: [t, u] }",
            &format!("t: [{steps}]\nu: [{{ set: {{ x: 1 }} }}]"),
            "{ users: 1, duration: 1s }",
        );
        let found = mistakes(&text);
        assert_eq!(!found.contains("P0301"), sound, "{steps}\n{found}");
    }
}

#[test]
fn not_before_a_test_turns_the_whole_of_it() {
    // What `else` counts on, above.
    let text = plan(
        "{ wait: 1s, sequence: [{ if: not x is defined, then: [{ log: none }], else: [{ log: '{{ x }}' }] }, { set: { x: 1 } }] }",
        "",
        "{ users: 1, duration: 1s }",
    );
    assert_eq!(mistakes(&text), "");
}

#[test]
fn steps_that_nobody_comes_to_are_pointed_at() {
    same(
        &mistakes(&plan(
            "{ wait: 1s, tasks: [t] }",
            "
            t:
              - if: user.id == 1
                then: [{ stop: user }]
                else: [{ stop: run }]
              - get: /
            ",
            "{ users: 1, duration: 1s }",
        )),
        "
        warning[P0117]: nobody comes to this step
          --> plan.yaml:11:7
           |
         9 |       then: [{ stop: user }]
           |              -------------- everybody stops before it
        10 |       else: [{ stop: run }]
        11 |     - get: /
           |       ^^^^^^ never done
           |
           = help: give the `stop` a condition, or take out what stands after it

        1 warning in plan.yaml
        ",
    );
}

#[test]
fn the_names_of_steps_within_steps_are_checked_too() {
    let found = mistakes(&plan(
        "{ wait: 1s, tasks: [t] }",
        "
        t:
          - if: user.id == 1
            then: [{ if: iteration == 1, then: [serch] }]
            else: [{ get: '/{{ nme }}' }, t]
        search: [{ get: / }]
        ",
        "{ users: 1, duration: 1s }",
    ));
    for message in [
        "error[P0101]: there is no task `serch`",
        "did you mean `search`?",
        "error[P0102]: task `t` runs itself",
        "error[P0302]: nothing sets `nme`",
    ] {
        assert!(found.contains(message), "{message}\n{found}");
    }
    assert!(!found.contains("P0110"), "{found}");
}

#[test]
fn a_graph_shows_both_ways() {
    let graph = compile(&plan(
        "
        wait: 1s
        sequence:
          - if: iteration == 1
            then: [{ get: /a }]
            else: [{ get: /b }, { stop: user }]
          - get: /c
        ",
        "",
        "{ users: 1, duration: 1s }",
    ));
    same(
        &graph::text(&graph),
        "
        plan plan
        load 1 user, 1s at full load

        class visitor: users 1, wait 1s
          start  1  started → 2
                 2  round → 3
                 3  if iteration == 1 → 4, else → 8
                 4  GET /a (ready), expects status below 400 → 5, fails → 5
                 5  pause 1s → 6
                 6  GET /c (ready), expects status below 400 → 7, fails → 7
                 7  pause 1s → 2
                 8  GET /b (ready), expects status below 400 → 9, fails → 5
                 9  stop user → 10
          stop  10  end
        ",
    );
}

#[test]
fn a_forecast_counts_either_way_and_what_both_have_in_common() {
    let graph = compile(&plan(
        "
        wait: 1s
        tasks: [t]
        ",
        "
        t:
          - if: user.id % 3 == 1
            then: [common, { get: /then }, { wait: 3s }]
            else: [common, { get: /else }]
          - if: user.id == 7
            then: [{ get: /last }, { stop: user }]
        common: [{ get: /common }]
        ",
        "{ users: 2, duration: 40s }",
    ));
    same(
        &text(&forecast(&graph, std::time::Duration::ZERO)),
        "
        plan
          load     2 users, 40s at full load
          assumed  every request succeeds in no time (see --assume-response)
                   each `if` takes either way (≤: at most), for the time of the longer one
                   nobody comes to a `stop` behind a condition

        class    users  share  a pass takes  passes
        ───────────────────────────────────────────
        visitor      2   100%            4s      20

        one user of    once  each pass  at its end
        ──────────────────────────────────────────
        visitor
          GET /common     -          1           -
          GET /else       -        ≤ 1           -
          GET /last       -        ≤ 1           -
          GET /then       -        ≤ 1           -

        all users    requests  share     rate
        ─────────────────────────────────────
        GET /common        20      ?    0.5/s
        GET /else        ≤ 20      ?  ≤ 0.5/s
        GET /last        ≤ 20      ?  ≤ 0.5/s
        GET /then        ≤ 20      ?  ≤ 0.5/s
        ─────────────────────────────────────
        total            ≤ 80           ≤ 2/s
        ",
    );
}

#[test]
fn a_forecast_knows_that_users_stop_by_themselves() {
    let graph = compile(&plan(
        "{ wait: 1s, tasks: { stay: 3, go: 1 }, on_stop: [{ get: /bye }] }",
        "stay: [{ get: / }]\ngo: [{ get: /go }, { stop: user }]",
        "{ users: 2, duration: 1h }",
    ));
    same(
        &text(&forecast(&graph, std::time::Duration::ZERO)),
        "
        plan
          load     2 users, 1h at full load
          assumed  every request succeeds in no time (see --assume-response)

        class    users  share  a pass takes  passes
        ───────────────────────────────────────────
        visitor      2   100%         750ms       8

        one user of  once  each pass  at its end
        ────────────────────────────────────────
        visitor
          GET /         -       0.75           -
          GET /bye      -          -           1
          GET /go       -       0.25           -

        all users  requests  share  rate
        ────────────────────────────────
        GET /             6    60%     ?
        GET /bye          2    20%   0/s
        GET /go           2    20%     ?
        ────────────────────────────────
        total            10            ?
        ",
    );
}
