//! `repeat`, `for` and `choose`.

use std::time::Duration;

use plan::{
    engine::StopSignal,
    forecast::{forecast, text},
    graph,
    protocol::scripted::{Answer, Scripted},
};

use super::{
    plan, run,
    running::{Run, compile, lines, mistakes, ms, requests},
    same,
};

#[tokio::test(start_paused = true)]
async fn steps_are_repeated_without_waits_between() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        sequence:
          - repeat: 2
            do:
              - get: /outer
              - repeat: 3
                do: [{ get: /inner }]
          - repeat: 0
            do: [{ get: /never }]
          - get: /after
        ",
        "",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    let turn = ["GET /outer", "GET /inner", "GET /inner", "GET /inner"];
    let pass = [&turn[..], &turn, &["GET /after"]].concat();
    assert_eq!(lines(&log, 1), [pass.clone(), pass].concat());
    assert_eq!(
        record.elapsed,
        ms(5_000),
        "three steps, and no wait at the end"
    );
}

#[tokio::test(start_paused = true)]
async fn a_repeat_goes_on_while_its_condition_holds_and_no_longer_than_it_may() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        vars: { n: 0 }
        sequence:
          - repeat: { while: n < 2, max: 9 }
            do: [{ set: { n: '{{ n + 1 }}' } }, { get: '/first/{{ n }}' }]
          - repeat: { while: n < 100, max: 2 }
            do: [{ set: { n: '{{ n + 1 }}' } }, { get: '/second/{{ n }}' }]
          - repeat: { while: 1 / n == 'x' / n, max: 2 }
            do: [{ get: /never }]
        ",
        "",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        [
            "GET /first/1",
            "GET /first/2",
            "GET /second/3",
            "GET /second/4"
        ]
    );
    assert_eq!(requests(&record, "(while)"), 1, "it cannot be worked out");
}

#[tokio::test(start_paused = true)]
async fn a_for_goes_through_a_list() {
    let (record, log) = run(&plan(
        "
        wait: 1s
        vars: { posts: [{ id: 3 }, { id: 7 }], nobody: [], word: x }
        sequence:
          - for: post
            in: posts
            do:
              - for: verb
                in: [show, 'like{{ user.id }}']
                do: [{ get: '/{{ post.id }}/{{ verb }}' }]
          - for: post
            in: nobody
            do: [{ get: /never }]
          - for: post
            in: word
            do: [{ get: /never }]
        ",
        "",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        ["GET /3/show", "GET /3/like1", "GET /7/show", "GET /7/like1"]
    );
    assert_eq!(requests(&record, "(for)"), 1, "a word is no list");
}

#[tokio::test(start_paused = true)]
async fn a_failure_leaves_all_loops_and_their_items_are_gone() {
    let (_, log) = run(&plan(
        "{ wait: 1s, tasks: [work] }",
        "
        work:
          - repeat: 3
            do:
              - for: n
                in: [1, 2, 3]
                do:
                  - get: /fail/{{ n }}
                    on_fail: continue
                    when: n == 1
                  - get: /{{ n }}
                  - get: /fail
                    when: n == 2
              - get: /never
        ",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    let pass = ["GET /fail/1", "GET /1", "GET /2", "GET /fail"];
    assert_eq!(lines(&log, 1), [pass, pass].concat());
}

#[tokio::test(start_paused = true)]
async fn tasks_that_loops_run_have_loops_and_sets_of_their_own() {
    let (_, log) = run(&plan(
        "{ wait: 1s, sequence: [outer] }",
        "
        outer:
          - for: n
            in: [1, 2]
            do: [{ task: inner, with: { m: '{{ n }}' } }]
        inner:
          params: [m]
          steps:
            - repeat: 2
              do: [{ set: { k: '{{ m }}' } }, set]
        set:
          sequence:
            - for: n
              in: [a, b]
              do: [{ get: '/{{ k }}/{{ n }}' }]
          rounds: 2
          wait: none
        ",
        "{ users: 1, per_user: 5 }",
    ))
    .await;
    // A pass, and four visits to the set, of which each has one round more.
    let round = |k| [format!("GET /{k}/a"), format!("GET /{k}/b")];
    let turns = |k| [round(k), round(k), round(k), round(k)].concat();
    assert_eq!(lines(&log, 1), [turns(1), turns(2)].concat());
}

#[tokio::test(start_paused = true)]
async fn a_choose_draws_once_here() {
    let (record, _) = run(&plan(
        "{ wait: 1ms, sequence: [{ get: / }, { choose: { a: 3, b: 1, c: 0 } }, { choose: [a, b] }] }",
        "a: [{ get: /a }]\nb: [{ get: /b }]\nc: [{ get: /c }]",
        "{ users: 10, per_user: 300 }",
    ))
    .await;
    let [a, b] = ["GET /a", "GET /b"].map(|name| requests(&record, name));
    assert_eq!(requests(&record, "GET /c"), 0);
    assert_eq!(a + b, 2 * requests(&record, "GET /"));
    // Of 3,000 each: three quarters, and a half; the deviation is 36.
    assert!((3_640..=3_860).contains(&a), "{a} and {b}");
}

#[tokio::test(start_paused = true)]
async fn loops_that_do_nothing_let_others_live_and_are_cut_off() {
    let text = plan(
        "
        wait: 1s
        sequence:
          - get: /begins
          - repeat: 4000000000
            do: [{ set: { n: 1 } }]
            when: user.id == 1
        ",
        "",
        "{ users: 2, duration: 10s, graceful_stop: 2s }",
    );
    let record = Run::of(compile(&text), Scripted::new(|_| Answer::new(200, "")))
        .stop(ms(5_000), StopSignal::Interrupt)
        .go()
        .await;
    assert_eq!(record.elapsed, ms(7_000));
    // The first user never comes back; the second one has two steps of a second each.
    assert_eq!(requests(&record, "GET /begins"), 4);
}

#[tokio::test(start_paused = true)]
async fn a_loop_whose_requests_cannot_be_sent_lets_others_live() {
    let text = plan(
        "
        wait: 1s
        vars: { zero: 0 }
        sequence:
          - repeat: 4000000000
            do: [{ get: '/{{ 1 % zero }}', on_fail: continue }]
        ",
        "",
        "{ users: 1, duration: 1s, graceful_stop: 1s }",
    );
    let record = Run::of(compile(&text), Scripted::always(200)).go().await;
    assert_eq!(record.elapsed, ms(2_000));
    assert_eq!(record.total.ok, 0);
}

#[test]
fn what_a_loop_sets_is_set_where_it_goes_round_for_certain() {
    let set = "{ set: { x: 1 } }";
    let rows = [
        (format!("{{ repeat: 1, do: [{set}] }}"), true),
        (format!("{{ repeat: 3, do: [{set}] }}"), true),
        (format!("{{ repeat: 0, do: [{set}] }}"), false),
        (format!("{{ repeat: 3, do: [{set}], when: user.id > 1 }}"), false),
        (format!("{{ repeat: {{ while: user.id > 1, max: 3 }}, do: [{set}] }}"), false),
        (format!("{{ for: i, in: [1, 2], do: [{set}] }}"), true),
        (format!("{{ for: i, in: [], do: [{set}] }}"), false),
        (format!("{{ for: i, in: list, do: [{set}] }}"), false),
        ("{ choose: [a, b] }".to_owned(), true),
        ("{ choose: [a, c] }".to_owned(), false),
        ("{ repeat: { while: x is not defined, max: 9 }, do: [c] }".to_owned(), false),
        ("{ repeat: { while: x is defined, max: 9 }, do: [{ get: '/{{ x }}' }] }, { set: { x: 1 } }".to_owned(), true),
        // A turn may come after another one that took it away.
        (format!("{set}, {{ repeat: 3, do: [{{ get: '/{{{{ x }}}}' }}, {{ unset: [x] }}] }}, {set}"), false),
    ];
    for (steps, sound) in rows {
        let text = plan(
            "{ wait: 1s, tasks: [t], vars: { list: [] } }",
            &format!(
                "t: [{steps}, {{ get: '/{{{{ x }}}}' }}]\na: [{set}]\nb: [{set}]\nc: [{{ get: / }}]"
            ),
            "{ users: 1, duration: 1s }",
        );
        let found = mistakes(&text);
        assert_eq!(!found.contains("P0301"), sound, "{steps}\n{found}");
    }
}

#[test]
fn an_item_is_seen_in_its_steps_only_and_hides_nothing() {
    let found = mistakes(&plan(
        "{ wait: 1s, tasks: [t], vars: { x: 1, list: [1] } }",
        "
        t:
          params: { p: 1 }
          steps:
            - for: i
              in: list
              do:
                - get: /{{ i }}/{{ x }}/{{ p }}
                - other
                - { for: i, in: list, do: [wait] }
            - for: i
              in: i
              do: [{ log: '{{ i }}' }]
            - { for: x, in: list, do: [wait] }
            - { for: p, in: list, do: [wait] }
            - { for: user, in: list, do: [wait] }
        other: [{ get: '/{{ i }}' }]
        unused: [{ for: j, in: lst, do: [{ get: '/{{ j }}{{ k }}' }] }]
        ",
        "{ users: 1, duration: 1s }",
    ));
    let errors: Vec<&str> = found
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        errors,
        [
            "error[P0112]: the item `i` hides something of the same name",
            "error[P0302]: `i` is the item of a `for` and seen only inside it",
            "error[P0112]: the item `x` hides something of the same name",
            "error[P0112]: the item `p` hides something of the same name",
            "error[P0006]: `user` cannot be the name of an item",
            "error[P0302]: `i` is the item of a `for` and seen only inside it",
            "error[P0302]: nothing sets `lst`",
            "error[P0302]: nothing sets `k`",
        ],
        "{found}"
    );
}

#[test]
fn what_a_choose_draws_is_checked_as_what_a_class_draws() {
    let found = mistakes(&plan(
        "{ wait: 1s, tasks: [t] }",
        "
        t:
          - choose: { a: 0, b: 0 }
          - choose: [aa, b]
          - choose: [needs, t]
        a: [{ get: / }]
        b: [{ get: / }]
        needs: { params: [p], steps: [{ get: '/{{ p }}' }] }
        ",
        "{ users: 1, duration: 1s }",
    ));
    for message in [
        "error[P0103]: all tasks of this `choose` have weight 0",
        "error[P0101]: there is no task `aa`",
        "error[P0111]: `needs` is drawn, and its `p` is not given",
        "error[P0102]: task `t` runs itself",
    ] {
        assert!(found.contains(message), "{message}\n{found}");
    }
}

#[test]
fn loops_that_never_go_round_are_pointed_at() {
    let found = mistakes(&plan(
        "
        wait: 1s
        sequence:
          - { repeat: 0, do: [{ get: / }] }
          - { repeat: { while: false, max: 3 }, do: [{ get: / }] }
          - { repeat: 2, do: [{ stop: user }] }
          - get: /
        ",
        "",
        "{ users: 1, duration: 1s }",
    ));
    for message in [
        "nobody comes to these steps",
        "this condition never holds",
        "nobody comes to this step",
        "3 warnings",
    ] {
        assert!(found.contains(message), "{message}\n{found}");
    }
}

#[test]
fn a_graph_shows_loops() {
    let graph = compile(&plan(
        "
        wait: 1s
        vars: { list: [1] }
        sequence:
          - repeat: 3
            do: [{ get: /a }]
          - repeat: { while: iteration < 3, max: 5 }
            do: [{ get: /b }]
          - for: i
            in: list
            do: [{ get: '/{{ i }}' }]
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
          var list
          start  1  started → 2
                 2  round → 3
                 3  loop → 4
                 4  GET /a (ready), expects status below 400 → 5, fails → 6
                 5  3 times → 4, then → 6
                 6  pause 1s → 7
                 7  loop → 8
                 8  while iteration < 3, at most 5 times → 9, then → 10
                 9  GET /b (ready), expects status below 400 → 8, fails → 10
                10  pause 1s → 11
                11  for i (list) → 12, fails → 16
                12  loop → 13
                13  each i → 14, then → 17
                14  GET /{i}, expects status below 400 → 13, fails → 15
                15  unset i, i (list) → 16, fails → 16
                16  pause 1s → 2
                17  unset i, i (list) → 16, fails → 16
          stop  18  end
        ",
    );
}

#[test]
fn a_forecast_counts_through_loops() {
    let graph = compile(&plan(
        "
        wait: 1s
        vars: { list: [1] }
        sequence:
          - repeat: 3
            do: [{ get: /a }, { repeat: 2, do: [{ get: /aa }, { wait: 1s }] }]
          - repeat: { while: iteration < 3, max: 5 }
            do: [{ get: /b }]
          - for: i
            in: [a, b, c, d]
            do: [{ get: /c }, { choose: { d: 3, e: 1 } }]
          - for: i
            in: list
            do: [{ get: /f }]
          - { repeat: 0, do: [{ get: /never }] }
        ",
        "d: [{ get: /d }]\ne: [{ get: /e }]",
        "{ users: 1, duration: 110s }",
    ));
    same(
        &text(&forecast(&graph, Duration::ZERO)),
        "
        plan
          load     1 user, 1m50s at full load
          assumed  every request succeeds in no time (see --assume-response)
                   each `while`, and each `for` over a value, goes round once (~: more or less)

        class    users  share  a pass takes  passes
        ───────────────────────────────────────────
        visitor      1   100%           11s      10

        one user of  once  each pass  at its end
        ────────────────────────────────────────
        visitor
          GET /a        -          3           -
          GET /aa       -          6           -
          GET /b        -        ~ 1           -
          GET /c        -          4           -
          GET /d        -          3           -
          GET /e        -          1           -
          GET /f        -        ~ 1           -

        all users  requests  share        rate
        ──────────────────────────────────────
        GET /a           30  15.8%     0.273/s
        GET /aa          60  31.6%     0.545/s
        GET /b         ~ 10  5.26%  ~ 0.0909/s
        GET /c           40  21.1%     0.364/s
        GET /d           30  15.8%     0.273/s
        GET /e           10  5.26%    0.0909/s
        GET /f         ~ 10  5.26%  ~ 0.0909/s
        ──────────────────────────────────────
        total         ~ 190           ~ 1.73/s
        ",
    );
}
