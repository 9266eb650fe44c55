//! Groups are timed with the waits in them and without.

use plan::{
    base::colour::Colour,
    report::{Layout, render, summary},
    stats::{GroupTotals, RunRecord},
};

use super::{
    plan, run,
    running::{mistakes, ms},
};

fn group<'r>(record: &'r RunRecord, name: &str) -> &'r GroupTotals {
    let mut groups = record.groups.iter();
    groups.find(|group| &*group.name == name).unwrap()
}

/// `(ok, failed, with waits, without)`, both times at most, in ms.
fn figures(record: &RunRecord, name: &str) -> (u64, u64, Option<u128>, Option<u128>) {
    let group = group(record, name);
    let [with, without] = [group.with_waits(), group.without_waits()];
    let ms = |times: &plan::stats::Latencies| times.max().map(|time| time.as_millis());
    (group.ok, group.failed, ms(with), ms(without))
}

#[tokio::test(start_paused = true)]
async fn a_group_takes_what_its_steps_take_and_their_waits() {
    let (record, _) = run(&plan(
        "
        - group: order
          do:
            - get: /
            - wait: 5s
            - group: pay
              do: [{ get: /slow }, { wait: 2s }]
            - record: { type: log, name: busy, time: 300ms }
        ",
        "{ users: 2, per_user: 3 }",
    ))
    .await;
    assert_eq!(figures(&record, "order"), (6, 0, Some(8_400), Some(1_400)));
    assert_eq!(figures(&record, "pay"), (6, 0, Some(3_000), Some(1_000)));
    let text = render(
        &record,
        Layout {
            width: 120,
            colour: Colour::Plain,
        },
    );
    assert!(
        text.contains(
            "
Groups
                           with waits         without
         count  failed   p50   p95   max   p50   p95   max
  order      6       0  8.4s  8.4s  8.4s  1.4s  1.4s  1.4s
  pay        6       0    3s    3s    3s    1s    1s    1s
"
        ),
        "{text}"
    );
    let summary = summary(&record);
    let order = &summary["groups"][0];
    assert_eq!(order["name"], "order");
    assert_eq!(order["with_waits"]["max_us"], 8_400_000);
    assert_eq!(order["without_waits"]["max_us"], 1_400_000);
    assert_eq!(
        summary["total"]["requests"], 18,
        "two requests and a sample in each pass, and no group"
    );
}

#[tokio::test(start_paused = true)]
async fn a_group_fails_with_whatever_fails_in_it() {
    let (record, _) = run(&plan(
        "
        - group: broken off
          do:
            - group: inner
              do: [{ get: /fail }, { get: /never }]
            - get: /never
        - group: gone on
          do:
            - get: /fail/2
              on_fail: continue
            - get: /
        - group: after
          do: [{ get: / }]
        - group: never
          when: iteration > 9
          do: [{ get: / }]
        - group: recorded
          do: [{ record: { type: log, name: x, ok: false } }]
        ",
        "{ users: 1, per_user: 2 }",
    ))
    .await;
    // It is not known how long it takes to the end of what nobody came to the end of.
    assert_eq!(figures(&record, "broken off"), (0, 2, None, None));
    assert_eq!(figures(&record, "inner"), (0, 2, None, None));
    assert_eq!(figures(&record, "gone on"), (0, 2, Some(200), Some(200)));
    assert_eq!(figures(&record, "after"), (2, 0, Some(100), Some(100)));
    assert_eq!(figures(&record, "never"), (0, 0, None, None));
    assert_eq!(figures(&record, "recorded"), (0, 2, Some(0), Some(0)));
}

#[tokio::test(start_paused = true)]
async fn a_user_who_leaves_for_good_ends_no_group() {
    let (record, _) = run(&plan(
        "
        - group: order
          do: [{ get: / }, { stop: user }]
        ",
        "{ users: 3, per_user: 2 }",
    ))
    .await;
    assert_eq!(figures(&record, "order"), (0, 0, None, None));
}

#[tokio::test(start_paused = true)]
async fn groups_of_one_name_are_one_wherever_they_are() {
    let (record, _) = run("
plan: 1
target: http://target
setup: [{ group: enter, do: [{ get: / }] }]
users:
  one: { wait: 1s, tasks: [enter] }
  two: { wait: 1s, sequence: [{ group: enter, do: [enter, { wait: 1s }] }] }
tasks:
  enter: [{ group: enter, do: [{ get: / }] }]
load: { users: 2, per_user: 1 }
")
    .await;
    assert_eq!(record.groups.len(), 1);
    assert_eq!(figures(&record, "enter"), (3, 0, Some(1_100), Some(100)));
    let setup = record.setup.unwrap();
    assert_eq!(setup.groups[0].ok, 1);
    assert_eq!(setup.groups[0].with_waits().max(), Some(ms(100)));
}

#[test]
fn there_are_no_more_than_a_hundred_names() {
    let of = |number: usize| {
        let groups = (0..number).map(|n| format!("- {{ group: g{n}, do: [{{ get: / }}] }}\n"));
        let twice = groups.clone().chain(groups).collect::<String>();
        mistakes(&plan(&twice, "{ users: 1, per_user: 1 }"))
    };
    let said = of(101);
    assert!(
        said.contains("error[P0008]: a plan has at most 100 names of groups")
            && said.contains("1 error in"),
        "{said}"
    );
    assert!(!of(100).contains("error"), "{}", of(100));
}
