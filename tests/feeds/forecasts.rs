//! How many rows a plan will draw, and what is said if there are too few.

use std::time::Duration;

use plan::{
    forecast::{Bound, Forecast, examine, forecast, text},
    graph::Graph,
    protocol::scripted::Scripted,
    source::{Diagnostics, MemoryLoader},
};

use crate::running::{Run, compile_with, dedent, ms, requests};

fn compiled(plan: &str) -> Graph {
    let text = format!("plan: 1\ntarget: http://target\n{}", dedent(plan));
    let rows: String = (0..50).map(|row| format!("n{row}\n")).collect();
    let loader = MemoryLoader::new().with("rows.csv", &format!("name\n{rows}"));
    compile_with(&text, loader)
}

fn of(plan: &str) -> Forecast {
    forecast(&compiled(plan), Duration::ZERO)
}

/// What is warned of, with the first place.
fn warned(forecast: &Forecast) -> Vec<String> {
    let mut found = Diagnostics::new();
    examine(forecast, &mut found);
    let told = found.sorted().into_iter().map(|diagnostic| {
        format!(
            "{} {} | {}",
            diagnostic.code, diagnostic.message, diagnostic.labels[0].text
        )
    });
    told.collect()
}

/// Each class draws in its own way: a row in each pass, however often it is read; in a
/// part of the passes; one when it starts; in each round of a set.
#[test]
fn an_iteration_draws_one_row_however_often_it_reads() {
    use Bound::{AtMost, Exact};
    #[rustfmt::skip]
    let rows = [
        ("sequence: [{ get: '/{{ a.name }}' }, { get: '/x/{{ a.name }}' }]",         120.0, Exact),
        ("tasks: { reads: 3, rests: 1 }",                                            180.0, Exact),
        ("vars: { n: '{{ a.name }}' }
    on_start: [{ get: '/{{ a.name }}' }]
    sequence: [{ get: '/{{ n }}' }]",                                                  4.0, Exact),
        ("on_start: [{ get: '/{{ a.name }}' }]
    sequence: [{ get: / }]
    on_stop: [{ get: '/bye/{{ a.name }}' }]",                                          4.0, Exact),
        ("sequence: [{ get: /, when: a.name != 'x' }, { get: '/{{ a.name }}' }]",    120.0, Exact),
        ("sequence: [{ get: '/{{ a.name }}', when: iteration > 2 }]",                240.0, AtMost),
        ("sequence: [thrice]",                                                       720.0, Exact),
        ("sequence: [{ if: iteration > 2, then: [reads], else: [reads] }, reads]",   120.0, Exact),
    ];
    for (does, expected, bound) in rows {
        let plan = format!(
            "
data: {{ a: {{ csv: rows.csv }} }}
users:
  u:
    wait: 1s
    {does}
load: {{ users: 4, duration: 1m }}
tasks:
  reads: [{{ get: '/{{{{ a.name }}}}' }}]
  rests: [{{ get: / }}]
  thrice: {{ sequence: [{{ get: '/{{{{ a.name }}}}' }}], wait: none, rounds: 3 }}
"
        );
        let forecast = of(&plan);
        let draws = &forecast.draws[0];
        let total = draws.amount.total.unwrap();
        assert!((total - expected).abs() < 1e-6, "{does}: {total}");
        assert_eq!(draws.bound, bound, "{does}");
    }
}

/// What is forecast is what a run does.
#[tokio::test(start_paused = true)]
async fn as_many_rows_are_drawn_as_forecast() {
    let graph = compiled(
        "
        data: { a: { csv: rows.csv, at_end: stop_user } }
        users:
          u: { wait: 1s, tasks: { reads: 1 } }
        load: { users: 4, per_user: 12 }
        tasks: { reads: [{ get: '/{{ a.name }}' }] }
        ",
    );
    let forecast = forecast(&graph, Duration::ZERO);
    assert_eq!(forecast.draws[0].needed(), Some(48.0));
    assert_eq!(warned(&forecast), [""; 0]);
    let record = Run::of(graph, Scripted::always(200)).go().await;
    assert_eq!(requests(&record, "GET /{a.name}"), 48);
    assert_eq!(record.elapsed, ms(11_000));
}

#[test]
fn rows_that_do_not_suffice_are_warned_of() {
    let with = |source: &str, load: &str| {
        of(&format!(
            "
data: {{ a: {{ csv: rows.csv, {source} }} }}
users:
  u: {{ wait: 1s, sequence: [{{ get: '/{{{{ a.name }}}}' }}] }}
  v: {{ wait: 1s, sequence: [{{ get: / }}] }}
load: {{ {load} }}
"
        ))
    };
    #[rustfmt::skip]
    let rows = [
        ("at_end: wrap",                   "users: 8, duration: 1m",  ""),
        ("at_end: stop_user",              "users: 8, duration: 1m",  "P0410 `a` has 50 rows for about 240 draws | used up after about 12.5s: then users leave (`at_end: stop_user`)"),
        ("at_end: stop_run",               "users: 8, duration: 1m",  "P0410 `a` has 50 rows for about 240 draws | used up after about 12.5s: then the run ends (`at_end: stop_run`)"),
        ("at_end: fail, order: shuffled",  "users: 8, duration: 1m",  "P0410 `a` has 50 rows for about 240 draws | used up after about 12.5s: then steps fail (`at_end: fail`)"),
        ("at_end: fail, share: user",      "users: 8, duration: 1m",  "P0410 `a` has 50 rows for about 60 draws of each user | used up after about 50s: then steps fail (`at_end: fail`)"),
        ("at_end: fail, share: user",      "users: 8, duration: 50s", ""),
        ("at_end: stop_user",              "users: 8, duration: 12s", ""),
        ("at_end: stop_user",              "users: 2, per_user: 50",  ""),
        ("at_end: stop_user",              "users: 2, per_user: 51",  "P0410 `a` has 50 rows for about 51 draws | used up after about 50s: then users leave (`at_end: stop_user`)"),
        ("order: random",                  "users: 8, duration: 1m",  ""),
    ];
    for (source, load, expected) in rows {
        let told = warned(&with(source, load));
        assert_eq!(told.join("\n"), expected, "{source}, {load}");
    }
}

#[test]
fn the_explanation_has_a_table_of_rows() {
    let forecast = of("
        data:
          a: { csv: rows.csv, at_end: stop_user }
          own: { csv: rows.csv, share: user, order: shuffled }
          modes: { rows: [{ mode: fast }, { mode: slow }], order: random }
        users:
          u: { weight: 3, wait: 1s, sequence: [{ get: '/{{ a.name }}/{{ modes.mode }}' }] }
          v: { weight: 1, wait: 1s, sequence: [{ get: '/{{ own.name }}' }] }
        load: { users: 8, duration: 1m }
        ");
    let text = text(&forecast);
    let expected = "
data      rows  drawn by  rows drawn  last for            then
──────────────────────────────────────────────────────────────
a           50   6 users         360     8.33s     users leave
own    50 each   2 users         120       50s  from the first
modes        2   6 users         360         -   any row again
";
    let table = text.find("\ndata").map_or(&*text, |at| &text[at..]);
    assert_eq!(table, expected);
}
