//! What a plan will do, worked out from its text; and that runs do so.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::{
    collections::BTreeMap,
    process::{Command, Output},
    time::Duration,
};

use plan::{
    forecast::{Forecast, examine, forecast, text},
    protocol::scripted::Scripted,
    source::{Diagnostics, MemoryLoader},
};
use running::{Run, compile, compile_with, dedent, ms, requests};

/// Of a plan whose users begin with these lines, and its load.
fn of(plan: &str) -> Forecast {
    answering_in(plan, Duration::ZERO)
}

fn answering_in(plan: &str, response: Duration) -> Forecast {
    let text = format!("plan: 1\ntarget: http://target\n{}", dedent(plan));
    forecast(&compile(&text), response)
}

/// The text without its first lines, which say the name, the load and what is assumed.
#[track_caller]
fn tables(forecast: &Forecast, expected: &str) {
    let text = text(forecast);
    same(text.split_once("\n\n").unwrap().1, expected);
}

#[track_caller]
fn same(text: &str, expected: &str) {
    // The line of the closing quote is none of the text's.
    let expected = dedent(expected);
    assert_eq!(text, expected.strip_suffix('\n').unwrap(), "\n{text}");
}

/// What one user of each crowd does in a pass.
fn each_pass(forecast: &Forecast) -> Vec<(f64, f64, BTreeMap<&str, f64>)> {
    let crowds = forecast.crowds.iter();
    crowds
        .map(|crowd| {
            let visits = crowd.visits.iter();
            let each = visits.map(|visit| (&*visit.name, rounded(visit.each)));
            (rounded(crowd.users), rounded(crowd.pass_s), each.collect())
        })
        .collect()
}

/// To the nanosecond, so that sums of floats can be compared.
fn rounded(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

fn totals(forecast: &Forecast) -> BTreeMap<&str, f64> {
    let rows = forecast.rows.iter();
    rows.map(|row| (&*row.name, rounded(row.amount.total.unwrap())))
        .collect()
}

fn plan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(args)
        .output()
        .unwrap()
}

/// The weights are 4 : 1 : 4 and 4 : 4; waits are 7.5 s on average, a pass of
/// `come_and_go` has two of them, and the ramp gives the first user two minutes more.
#[test]
fn the_flagship_is_told_whole() {
    let told = plan(&["validate", "--explain", "plans/flaskr_endurance.yaml"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    same(
        str::from_utf8(&told.stdout).unwrap(),
        "
        plans/flaskr_endurance.yaml: ok

        flaskr endurance
          load     50 users, 2m ramp-up, 3d at full load
          assumed  every request succeeds in no time (see --assume-response)

        class   users  share  a pass takes  passes
        ──────────────────────────────────────────
        editor     25    50%          7.5s  864206
        author     20    40%         11.2s  460910
        reader      5    10%            2s  648138

        one user of               once  each pass  at its end
        ─────────────────────────────────────────────────────
        editor
          GET /                      -      0.444           -
          GET /auth/logout           -          -           1
          POST /auth/login           1      0.111           -
          POST /auth/register        1          -           -
          POST /create               1          -           -
          POST /{post_id}/delete     -          -           1
          POST /{post_id}/update     -      0.444           -
        author
          GET /                      -        0.5           -
          GET /auth/logout           -          -           1
          POST /auth/login           1          -           -
          POST /auth/register        1          -           -
          POST /create               -        0.5           -
          POST /{post_id}/delete     -        0.5           -
        reader
          GET /                      -          1           -

        all users               requests     share     rate
        ───────────────────────────────────────────────────
        GET /                    1262685     57.3%   4.87/s
        GET /auth/logout              45  0.00204%      0/s
        POST /auth/login           96068     4.36%   0.37/s
        POST /auth/register           45  0.00204%      0/s
        POST /create              230480     10.5%  0.889/s
        POST /{post_id}/delete    230480     10.5%  0.889/s
        POST /{post_id}/update    384092     17.4%   1.48/s
        ───────────────────────────────────────────────────
        total                    2203894              8.5/s

        growth, a guess by names  in an hour  at the end
        ────────────────────────────────────────────────
        below /
          POST /create                 +3200     +230480
          POST /{post_id}/delete       -3200     -230480
          together                         0           0
        below /auth/register
          POST /auth/register              0         +45
        ",
    );
}

#[test]
fn five_users_at_nine_to_one_are_five_users() {
    for (users, split) in [(5, [5, 0]), (10, [9, 1]), (11, [10, 1])] {
        let forecast = of(&format!(
            "
            users:
              web: {{ weight: 9, wait: 1s, sequence: [{{ get: / }}] }}
              mobile: {{ weight: 1, wait: 1s, sequence: [{{ get: /m }}] }}
            load: {{ users: {users}, duration: 10s }}
            "
        ));
        let numbers: Vec<_> = forecast.classes.iter().map(|(_, users)| *users).collect();
        assert_eq!(numbers, split, "{users} users");
        // A class without a user does nothing, which is not a request less often than 0.
        let shares: Vec<_> = forecast.rows.iter().map(|row| row.share.unwrap()).collect();
        match users {
            5 => assert_eq!(shares, [1.0]),
            users => assert_eq!(shares[1], 1.0 / f64::from(users)),
        }
    }
    tables(
        &of("
            users:
              web: { weight: 9, wait: 1s, sequence: [{ get: / }] }
              mobile: { weight: 1, wait: 1s, sequence: [{ get: /m }] }
            load: { users: 5, duration: 10s }
            "),
        "
        class   users  share  a pass takes  passes
        ──────────────────────────────────────────
        web         5   100%            1s      50
        mobile      0     0%

        one user of  once  each pass  at its end
        ────────────────────────────────────────
        web
          GET /         -          1           -

        all users  requests  share  rate
        ────────────────────────────────
        GET /            50   100%   5/s
        ────────────────────────────────
        total            50          5/s
        ",
    );
}

/// 22 users at 4 : 4 : 3 : 2 : 1 : 8, twenty iterations each: no tolerance.
#[test]
fn users_who_choose_once_are_counted_by_what_they_chose() {
    let files = MemoryLoader::new().with("tasks.yaml", include_str!("../plans/flaskr/tasks.yaml"));
    let all_actions = include_str!("../plans/flaskr/all_actions.yaml");
    let forecast = forecast(&compile_with(all_actions, files), Duration::ZERO);

    let chosen: Vec<_> = (forecast.crowds.iter())
        .map(|crowd| (&*crowd.chosen[0], crowd.users, crowd.passes))
        .collect();
    assert_eq!(
        chosen,
        [
            ("adds", 4.0, Some(80.0)),
            ("deletes", 3.0, Some(60.0)),
            ("edits", 4.0, Some(80.0)),
            ("logins", 2.0, Some(40.0)),
            ("looks", 8.0, Some(160.0)),
            ("registers", 1.0, Some(20.0)),
        ]
    );
    assert_eq!(
        totals(&forecast),
        BTreeMap::from([
            ("GET /", 160.0),
            ("POST /auth/login", 51.0),
            ("POST /auth/register", 33.0),
            ("POST /create", 144.0),
            ("POST /{post_id}/delete", 60.0),
            ("POST /{post_id}/update", 80.0),
        ])
    );
}

#[test]
fn a_choice_within_a_choice_is_told_with_both() {
    let forecast = of("
        users:
          visitor: { wait: 1s, choose_once: { reads: 1, writes: 1 } }
        tasks:
          reads: [{ get: / }]
          writes: { choose_once: { posts: 3, comments: 1 } }
          posts: [{ post: /posts }]
          comments: [{ post: /comments }]
        load: { users: 8, per_user: 1 }
        ");
    let chosen: Vec<_> = (forecast.crowds.iter())
        .map(|crowd| (crowd.chosen.join("/"), crowd.users))
        .collect();
    let expected = [
        ("reads", 4.0),
        ("writes/comments", 1.0),
        ("writes/posts", 3.0),
    ];
    assert_eq!(
        chosen,
        expected.map(|(name, users)| (name.to_owned(), users))
    );
    // A round of the inner set has its wait, and so has the task around it.
    let passes: Vec<_> = forecast.crowds.iter().map(|crowd| crowd.pass_s).collect();
    assert_eq!(passes, [1.0, 2.0, 2.0]);
}

/// Half of the passes are a wait of 1 s; the others log in, post five times with
/// waits of 2 s, log out, and wait for 1 s.
#[test]
fn rounds_of_sets_multiply_and_count_as_iterations() {
    let plan = "
        users:
          author:
            wait: 1s
            on_start: [browse]
            tasks: { look: 1, write: 1 }
        tasks:
          look: [{ get: / }]
          write:
            on_start: [{ post: /login }]
            tasks: [post]
            wait: 2s
            rounds: 5
            on_stop: [{ get: /logout }]
          browse: { sequence: [{ get: /news }, { wait: 1s }], rounds: 3 }
          post: [{ post: /posts }, { record: { type: note, name: done } }]
        ";
    let forecast = of(&format!("{plan}load: {{ users: 4, per_user: 30 }}\n"));
    let each = BTreeMap::from([
        ("GET /", 0.5),
        ("GET /logout", 0.5),
        ("GET /news", 0.0),
        ("POST /login", 0.5),
        ("POST /posts", 2.5),
        ("note done", 2.5),
    ]);
    assert_eq!(each_pass(&forecast), [(4.0, 6.0, each)]);
    // 30 iterations are ten passes of three: one, or a set of five rounds.
    assert_eq!(
        totals(&forecast),
        BTreeMap::from([
            ("GET /", 20.0),
            ("GET /logout", 20.0),
            ("GET /news", 12.0),
            ("POST /login", 20.0),
            ("POST /posts", 100.0),
            ("note done", 100.0),
        ])
    );
    // `browse` takes three times 1 s and two waits after each step; what is left of
    // 69 s are ten passes.
    let forecast = of(&format!("{plan}load: {{ users: 4, duration: 69s }}\n"));
    assert_eq!(totals(&forecast)["POST /posts"], 100.0);
}

#[test]
fn a_pace_holds_until_tasks_overrun_it() {
    let paced = |tasks: &str, response| {
        let plan = format!(
            "
            users:
              visitor: {{ wait: {{ pacing: 10s }}, tasks: {{ short: 3, long: 1 }} }}
            tasks:
              short: [{{ get: / }}]
              long: {tasks}
            load: {{ users: 2, duration: 100s }}
            "
        );
        let forecast = answering_in(&plan, response);
        (
            rounded(forecast.crowds[0].pass_s),
            forecast.caveats.overruns,
        )
    };
    let nothing = Duration::ZERO;
    // Each task for itself: three of four keep the pace, however long the fourth is.
    assert_eq!(paced("[{ wait: 9s }, { get: / }]", nothing), (10.0, false));
    assert_eq!(paced("[{ wait: 30s }, { get: / }]", nothing), (15.0, false));
    assert_eq!(
        paced("[{ wait: 7s }, { get: / }]", ms(1_000)),
        (10.0, false)
    );
    assert_eq!(
        paced("[{ wait: 7s }, { get: / }]", ms(7_000)),
        (11.0, false)
    );
    assert_eq!(paced("[{ wait: 10s..14s }]", nothing), (10.5, false));
    // 5 s to 20 s are 12.5 s on average; what is cut off below 10 s is not counted.
    assert_eq!(paced("[{ wait: 5s..20s }]", nothing), (10.625, true));
    assert_eq!(
        paced("[{ wait: { exponential: 2s } }]", nothing),
        (10.0, true)
    );
}

/// With nine tenths they look, with one tenth they stay: nine looks on average.
#[test]
fn users_end_in_the_sets_that_they_never_leave() {
    let forecast = of("
        users:
          visitor: { wait: 1s, tasks: { look: 9, watch: 1 } }
        tasks:
          look: [{ get: / }]
          watch:
            on_start: [{ get: /subscribe }]
            tasks: [feed]
            wait: 10s
            rounds: forever
            on_stop: [{ get: /unsubscribe }]
          feed: [{ get: /feed }]
        load: { users: 4, duration: 109s }
        ");
    tables(
        &forecast,
        "
        class    users  share  a pass takes  passes
        ───────────────────────────────────────────
        visitor      4   100%           10s      40

        one user of         once  each pass  at its end
        ───────────────────────────────────────────────
        visitor
          GET /                9          -           -
          GET /feed            -          1           -
          GET /subscribe       1          -           -
          GET /unsubscribe     -          -           1

        all users         requests  share   rate
        ────────────────────────────────────────
        GET /                   36  42.9%    0/s
        GET /feed               40  47.6%  0.4/s
        GET /subscribe           4  4.76%    0/s
        GET /unsubscribe         4  4.76%    0/s
        ────────────────────────────────────────
        total                   84         0.4/s
        ",
    );
    let forecast = of("
        users:
          visitor: { wait: 2s, tasks: { a: 1, b: 3 } }
        tasks:
          a: { sequence: [{ get: /a }], rounds: forever }
          b: { sequence: [{ get: /b }], rounds: forever }
        load: { users: 10, per_user: 6 }
        ");
    let chances: Vec<_> = forecast.crowds.iter().map(|crowd| crowd.users).collect();
    assert_eq!(chances, [2.5, 7.5]);
    assert_eq!(
        totals(&forecast),
        BTreeMap::from(
            [("/a", 15.0), ("/b", 45.0)]
                .map(|(path, n)| { (if path == "/a" { "GET /a" } else { "GET /b" }, n) })
        )
    );
}

#[test]
fn what_is_behind_conditions_is_a_bound() {
    let forecast = of("
        vars: { count: 0 }
        users:
          visitor: { wait: 1s, tasks: [look] }
        tasks:
          look:
            - get: /
            - { get: /more, when: count > 0 }
            - poll
          poll:
            tasks: [ask]
            until: count > 0
          ask: [{ get: /status }, { post: /jobs, when: count > 0 }]
        load: { users: 1, duration: 100s }
        ");
    same(
        &text(&forecast),
        "
            plan
              load     1 user, 1m40s at full load
              assumed  every request succeeds in no time (see --assume-response)
                       each `when` holds (≤: at most)
                       each `until` holds after one round (≥: at least)

            class    users  share  a pass takes  passes
            ───────────────────────────────────────────
            visitor      1   100%            2s      50

            one user of    once  each pass  at its end
            ──────────────────────────────────────────
            visitor
              GET /           -          1           -
              GET /more       -        ≤ 1           -
              GET /status     -        ≥ 1           -
              POST /jobs      -        ~ 1           -

            all users    requests  share     rate
            ─────────────────────────────────────
            GET /              50    25%    0.5/s
            GET /more        ≤ 50    25%  ≤ 0.5/s
            GET /status      ≥ 50    25%  ≥ 0.5/s
            POST /jobs       ~ 50    25%  ~ 0.5/s
            ─────────────────────────────────────
            total           ~ 200           ~ 2/s

            growth, a guess by names  in an hour  at the end
            ────────────────────────────────────────────────
            below /jobs
              POST /jobs                 ~ +1800       ~ +50
            ",
    );
}

#[test]
fn without_waits_only_the_target_knows_how_often() {
    let plan = "
        users:
          a: { wait: none, sequence: [{ get: / }, { get: / }, { post: /x }] }
        ";
    let endless = format!("{plan}load: {{ users: 2, duration: 10s }}\n");
    let unknown = "
        class  users  share  a pass takes  passes
        ─────────────────────────────────────────
        a          2   100%       no time       ?

        one user of  once  each pass  at its end
        ────────────────────────────────────────
        a
          GET /         -          2           -
          POST /x       -          1           -

        all users  requests  share  rate
        ────────────────────────────────
        GET /             ?  66.7%     ?
        POST /x           ?  33.3%     ?
        ────────────────────────────────
        total             ?            ?

        growth, a guess by names  in an hour  at the end
        ────────────────────────────────────────────────
        below /x
          POST /x                          ?           ?
        ";
    tables(&of(&endless), unknown);
    assert_eq!(
        totals(&answering_in(&endless, ms(100))),
        BTreeMap::from([("GET /", 133.333_333_333), ("POST /x", 66.666_666_667)])
    );
    for (limit, gets) in [("iterations: 30", 60.0), ("per_user: 30", 120.0)] {
        let forecast = of(&format!("{plan}load: {{ users: 2, {limit} }}\n"));
        assert_eq!(totals(&forecast)["GET /"], gets, "{limit}");
    }
}

/// The fast class begins four passes while the slow one begins one.
#[test]
fn iterations_for_all_go_to_those_who_are_fast() {
    let users = "
        users:
          fast: { count: 1, wait: 1s, sequence: [{ get: /fast }] }
          slow: { count: 2, wait: 4s, sequence: [{ get: /slow }] }
        ";
    for (load, fast, slow) in [
        ("iterations: 60", 40.0, 20.0),
        ("iterations: 60, duration: 1h", 40.0, 20.0),
        ("iterations: 60, duration: 20s", 20.0, 10.0),
        ("iterations: 1000, per_user: 5", 5.0, 10.0),
    ] {
        let forecast = of(&format!("{users}load: {{ users: 3, {load} }}\n"));
        let expected = BTreeMap::from([("GET /fast", fast), ("GET /slow", slow)]);
        assert_eq!(totals(&forecast), expected, "{load}");
    }
}

#[test]
fn a_plan_without_requests_says_so() {
    tables(
        &of("
            users: { talker: { wait: 5s, sequence: [{ log: hello }] } }
            load: { users: 2, duration: 1m }
            "),
        "
        class   users  share  a pass takes  passes
        ──────────────────────────────────────────
        talker      2   100%            5s      24

        Not a single request, and nothing recorded.
        ",
    );
}

#[test]
fn only_long_plans_that_delete_too_little_are_warned_of() {
    let warnings = |delete: &str, duration: &str| {
        let forecast = of(&format!(
            "
            vars: {{ x: 1 }}
            users:
              a: {{ wait: 1s, tasks: {{ add: 2, take: 1 }} }}
            tasks:
              add: [{{ post: /posts }}]
              take: [{delete}]
            load: {{ users: 1, duration: {duration} }}
            "
        ));
        let mut found = Diagnostics::new();
        examine(&forecast, &mut found);
        let found = found.sorted();
        found
            .iter()
            .map(|each| each.message.clone())
            .collect::<Vec<_>>()
    };
    // Of 3600 rounds in an hour, two thirds add a post and one third takes one.
    let told = "more is created than deleted below `/posts`: 1200 an hour, 1200 in 1h";
    assert_eq!(warnings("{ delete: /posts/1 }", "1h"), [told]);
    let told = "more is created than deleted below `/posts`: 1200 an hour, 86400 in 3d";
    let guarded = "{ post: '/posts/{{ x }}/delete', when: x == 1 }";
    assert_eq!(warnings(guarded, "72h"), [told], "at most that is deleted");

    let nothing: [&str; 0] = [];
    assert_eq!(warnings("{ delete: /posts/1 }", "59m"), nothing);
    assert_eq!(warnings("{ get: /posts/1 }", "1h"), nothing);
    assert_eq!(warnings("{ delete: /users/1 }", "1h"), nothing);
    let twice = "{ delete: /posts/1 }, { delete: /posts/2 }";
    assert_eq!(warnings(twice, "1h"), nothing);
}

#[test]
fn options_change_what_is_told_and_programs_can_read_it() {
    let path = "plans/flaskr/user_login.yaml";
    let told = plan(&[
        "validate",
        path,
        "--explain",
        "--format",
        "json",
        "--users",
        "3",
        "--duration",
        "80s",
        "--ramp-up",
        "0s",
        "--assume-response",
        "500ms",
    ]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["plan"], path);
    let forecast = &told["forecast"];
    assert_eq!(forecast["assumed"]["response_s"], 0.5);
    assert_eq!(forecast["crowds"][0]["pass_s"], 8.0);
    // A registration of half a second, and then 79.5 s of passes for each of three.
    assert_eq!(forecast["crowds"][0]["passes"], 29.8125);
    assert_eq!(forecast["total"]["rate_per_s"], 0.375);

    let alone = plan(&["validate", path, "--assume-response", "1s"]);
    assert_eq!(alone.status.code(), Some(2), "{alone:?}");
}

/// Every kind of course that has no condition in it.
const LAWFUL: &str = "
    plan: 1
    target: http://target
    users:
      drawn:
        weight: 4
        wait: 1s..3s
        on_start: [{ post: /login }]
        tasks: { front: 5, search: 3, read: 2 }
        on_stop: [{ post: /logout }]
      paced:
        weight: 2
        wait: { pacing: 4s }
        tasks: { front: 3, long: 1 }
      settled:
        weight: 3
        wait: { exponential: 2s }
        choose_once: { front: 2, write: 1 }
    tasks:
      front: [{ get: / }]
      search: [{ get: /search }, { wait: { normal: { mean: 2s, deviation: 2s } } }, { get: /found }]
      read:
        tasks: { page: 3, front: 1 }
        wait: 500ms
        rounds: 4
      page: [{ get: /page }, { record: { type: note, name: read, time: 1s..2s } }]
      long: [{ get: /report }, { wait: 10s }]
      write: [{ post: /draft }, { post: /posts }]
    load: { users: 18, ramp_up: 60s, duration: 1h, ramp_down: 60s }
    ";

/// Counts differ from what is expected by chance, and by what is under way at the end.
///
/// What is done at most n times in one drawn task has, from the draws, a variance of
/// at most n × its expected count; that of the lengths of passes, none of which
/// scatters more than an exponential, adds at most as much. Five deviations are
/// exceeded once in a million; and a pass of each user may be cut off.
#[tokio::test(start_paused = true)]
async fn runs_do_what_was_forecast() {
    let most = |name| match name {
        "GET /" | "GET /page" | "note read" => 4.0,
        _ => 1.0,
    };
    let graph = compile(LAWFUL);
    let forecast = forecast(&graph, Duration::ZERO);
    let record = Run::of(graph, Scripted::always(200)).go().await;

    assert_eq!(forecast.rows.len(), record.rows.len());
    let all: u64 = record.rows.iter().map(|row| row.ok + row.failed).sum();
    for row in &forecast.rows {
        let expected = row.amount.total.unwrap();
        let measured = requests(&record, &row.name) as f64;
        let most = most(&*row.name);
        let bound = 5.0 * (2.0 * most * expected).sqrt() + 18.0 * most;
        let off = (measured - expected).abs();
        assert!(
            off < bound,
            "{}: {measured}, not {expected} ± {bound}",
            row.name
        );
        let share = measured / all as f64;
        let off = (share - row.share.unwrap()).abs();
        assert!(
            off < bound / all as f64 * 2.0,
            "{}: a share of {share}",
            row.name
        );
    }
    // Eight users begin and end once, whatever chance does.
    for name in ["POST /login", "POST /logout"] {
        assert_eq!(requests(&record, name), 8, "{name}");
        assert_eq!(totals(&forecast)[name], 8.0, "{name}");
    }
}
