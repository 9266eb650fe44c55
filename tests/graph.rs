//! What plans compile to, and what is found on the way.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use plan::{base::timeouts::Timeouts, graph, source::MemoryLoader};
use running::{compile, compile_with, mistakes, mistakes_with};

/// Compares with a text that is indented as it stands in the test.
fn same(found: &str, expected: &str) {
    let expected = running::dedent(expected);
    let (found, expected) = (found.trim_end(), expected.trim_end());
    assert!(found == expected, "found\n{found}\nexpected\n{expected}");
}

const SMALL: &str = "
    plan: 1
    name: small
    target: http://target
    vars: { word: 'w{{ user.id }}' }
    users:
      author:
        weight: 3
        wait: 1s..2s
        on_start: [log_in]
        tasks: { write: 2, look: 1 }
        on_stop: [{ get: /logout }]
      reader:
        count: 1
        wait: none
        sequence: [look, { wait: 5s }]
    tasks:
      log_in: [{ post: /login, form: { name: '{{ word }}' } }]
      look: [{ get: / }]
      write:
        - post: /create
          expect: { status: 2xx, final_path: /, contains: '{{ word }}', absent: div.flash }
          extract: { id: { css: a.edit, attr: href } }
        - wait
        - post: /{{ id }}/delete
    load: { users: 4, ramp_up: 2s, duration: 1m }
    thresholds: ['p99 of \"POST /{id}/delete\" < 1s']
";

#[test]
fn a_graph_as_text() {
    same(&graph::text(&compile(SMALL)), "
            plan small
            load 4 users, 2s ramp-up, 1m at full load
            threshold p99 of \"POST /{id}/delete\" < 1s

            class author: users 3, wait 1s..2s
              var word
              start  1  POST /login, expects status below 400 → 2, fails → 10
                     2  started → 3
                     3  round → 4
                     4  draw 1 → 5, 2 → 7
                     5  GET / (ready), expects status below 400 → 6, fails → 6
                     6  pause 1s..2s → 3
                     7  POST /create (ready), expects status 2xx and final_path and contains and no div.flash, sets id → 8, fails → 6
                     8  wait 1s..2s → 9
                     9  POST /{id}/delete, expects status below 400 → 6, fails → 6
                    10  start failed
              stop  11  GET /logout (ready), expects status below 400 → 12, fails → 12
                    12  end

            class reader: users 1, wait none
              var word
              start 1  started → 2
                    2  round → 3
                    3  GET / (ready), expects status below 400 → 4, fails → 4
                    4  pause none → 5
                    5  wait 5s → 6
                    6  pause none → 2
              stop  7  end
            ");
}

#[test]
fn neither_the_order_of_keys_nor_the_spelling_of_tasks_means_anything() {
    let turned = SMALL
        .replace("{ write: 2, look: 1 }", "{ look: 1, write: 2 }")
        .replace(
            "{ status: 2xx, final_path: /,",
            "{ final_path: /, status: 2xx,",
        );
    assert_eq!(graph::text(&compile(&turned)), graph::text(&compile(SMALL)));
}

#[test]
fn a_drawn_task_cannot_count_on_another_one() {
    same(
        &mistakes(
            "
            plan: 1
            users:
              author: { wait: 1s, tasks: [write, take_back] }
            tasks:
              write:
                - post: /create
                  extract: { post_id: { css: a.edit } }
              take_back:
                - post: /{{ post_id }}/delete
            load: { users: 1, duration: 1s }
            ",
        ),
        "
            error[P0301]: `post_id` is read before it is extracted
             --> plan.yaml:9:17
              |
            7 |       extract: { post_id: { css: a.edit } }
              |                  ------- extracted here, which need not have happened
            8 |   take_back:
            9 |     - post: /{{ post_id }}/delete
              |                 ^^^^^^^ users of `author` may come here without it
              |
              = help: a drawn task cannot count on another one, nor on a request that may fail: extract `post_id` earlier in the same task, or in `on_start` of `author`; or guard the step by `when: post_id is defined`

            1 error in plan.yaml
            ",
    );
}

#[test]
fn a_name_that_nothing_sets_is_not_the_same_as_one_set_too_late() {
    same(
        &mistakes(
            "
            plan: 1
            users:
              author: { wait: 1s, sequence: [write] }
            tasks:
              write:
                - get: /{{ post_id }}
                - post: /create
                  form: { title: '{{ user.nmae }}', body: '{{ pots_id }}' }
                  extract: { post_id: { css: a.edit } }
            load: { users: 1, duration: 1s }
            ",
        ),
        "
            error[P0301]: `post_id` is read before it is extracted
             --> plan.yaml:6:16
              |
            6 |     - get: /{{ post_id }}
              |                ^^^^^^^ users of `author` may come here without it
            ...
            9 |       extract: { post_id: { css: a.edit } }
              |                  ------- extracted here, which need not have happened
              |
              = help: a drawn task cannot count on another one, nor on a request that may fail: extract `post_id` earlier in the same task, or in `on_start` of `author`; or guard the step by `when: post_id is defined`

            error[P0302]: `user` has no `nmae`; it has id and class
             --> plan.yaml:8:26
              |
            8 |       form: { title: '{{ user.nmae }}', body: '{{ pots_id }}' }
              |                          ^^^^^^^^^ read here

            error[P0302]: nothing sets `pots_id`
             --> plan.yaml:8:51
              |
            8 |       form: { title: '{{ user.nmae }}', body: '{{ pots_id }}' }
              |                                                   ^^^^^^^ read here
              |
              = help: did you mean `post_id`?

            3 errors in plan.yaml
            ",
    );
}

#[test]
fn what_one_class_sets_is_not_there_for_another() {
    same(
        &mistakes(
            "
            plan: 1
            users:
              a: { wait: 1s, tasks: [look], vars: { word: x } }
              b: { wait: 1s, tasks: [look] }
            tasks:
              look: [{ get: '/?q={{ word }}' }]
            load: { users: 2, duration: 1s }
            ",
        ),
        "
            error[P0301]: `word` is read before it is set
             --> plan.yaml:6:25
              |
            3 |   a: { wait: 1s, tasks: [look], vars: { word: x } }
              |                                         ---- set here, for other users
            ...
            6 |   look: [{ get: '/?q={{ word }}' }]
              |                         ^^^^ users of `b` may come here without it
              |
              = help: give `b` its own `word`, or set it in the plan's `vars`

            1 error in plan.yaml
            ",
    );
}

#[test]
fn a_request_that_may_fail_and_go_on_promises_nothing() {
    let plan = |on_fail: &str| {
        format!(
            "
            plan: 1
            users:
              a: {{ wait: 1s, tasks: [write] }}
            tasks:
              write:
                - post: /create
                  extract: {{ id: {{ css: a }} }}
                  on_fail: {on_fail}
                - get: /{{{{ id }}}}
            load: {{ users: 1, duration: 1s }}
            "
        )
    };
    for (on_fail, promises) in [
        ("leave_task", true),
        ("continue", false),
        ("stop_user", true),
    ] {
        let told = mistakes(&plan(on_fail));
        assert_eq!(told.is_empty(), promises, "{on_fail}: {told}");
        assert_eq!(told.contains("P0301"), !promises, "{on_fail}: {told}");
    }
}

#[test]
fn variables_that_read_each_other_in_a_circle() {
    same(
        &mistakes(
            "
            plan: 1
            vars: { a: '{{ c }}', b: '{{ a }}', c: '{{ b }}', d: '{{ a }}' }
            users:
              v: { wait: 1s, sequence: [{ get: / }] }
            load: { users: 1, duration: 1s }
            ",
        ),
        "
            error[P0303]: `c` is worked out from itself
             --> plan.yaml:2:44
              |
            2 | vars: { a: '{{ c }}', b: '{{ a }}', c: '{{ b }}', d: '{{ a }}' }
              |                -             -             ^ `c` reads `b`
              |                |             |
              |                |             `b` reads `a`
              |                `a` reads `c`

            1 error in plan.yaml
            ",
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a page of mistakes, shown whole")]
fn everything_is_found_in_one_go_also_in_tasks_that_nobody_runs() {
    let loader = MemoryLoader::new().with("accounts.csv", "email,pin\na@x,1\n");
    same(
        &mistakes_with(
            "
            plan: 1
            data: { accounts: { csv: accounts.csv } }
            users:
              v: { wait: 1s, tasks: [a] }
            tasks:
              a:
                - get: no/slash
                - get: '/{{ accounts.mail }}'
                - get: /
                  headers: { 'a b': x }
                  expect: { absent: 'div[' }
                  extract: { id: { css: a, regex: '(' } }
              forgotten:
                - get: '/{{ 1 + }}'
            load: { users: 1, duration: 1s }
            thresholds: ['p95 of \"GET /x\" < 1s']
            ",
            loader,
        ),
        "
            error[P0203]: `no/slash` is neither a path nor a whole URL
             --> plan.yaml:7:12
              |
            7 |     - get: no/slash
              |            ^^^^^^^^ here
              |
              = help: begin it with `/` (`/no/slash`) or with `http://` or `https://`

            error[P0302]: `accounts` has no column `mail`; it has `email`, `pin`
             --> plan.yaml:8:17
              |
            8 |     - get: '/{{ accounts.mail }}'
              |                 ^^^^^^^^^^^^^ read here
              |
              = help: did you mean `accounts.email`?

            error[P0006]: `a b` cannot be the name of a header
              --> plan.yaml:10:18
               |
            10 |       headers: { 'a b': x }
               |                  ^^^^^ only letters, digits and `-`

            error[P0202]: `[` is not closed
              --> plan.yaml:11:29
               |
            11 |       expect: { absent: 'div[' }
               |                             ^ here

            error[P0202]: unclosed group
              --> plan.yaml:12:40
               |
            12 |       extract: { id: { css: a, regex: '(' } }
               |                                        ^ here

            warning[P0110]: task `forgotten` is never used
              --> plan.yaml:13:3
               |
            13 |   forgotten:
               |   ^^^^^^^^^ no class runs it

            error[P0201]: unexpected end, expected expression
              --> plan.yaml:14:19
               |
            14 |     - get: '/{{ 1 + }}'
               |                   ^ here

            error[P0206]: no request is named `GET /x`
              --> plan.yaml:16:23
               |
            16 | thresholds: ['p95 of \"GET /x\" < 1s']
               |                       ^^^^^^ this threshold would never have data
               |
               = help: did you mean `GET /`?

            7 errors, 1 warning in plan.yaml
            ",
    );
}

/// All of it, making a connection, and the beginning of an answer.
fn limits(timeouts: Timeouts) -> String {
    let response = timeouts.response.map(|limit| format!(" {limit:?}"));
    format!(
        "{:?} {:?}{}",
        timeouts.total,
        timeouts.connect,
        response.unwrap_or_default()
    )
}

#[test]
fn a_class_wins_over_the_plan_and_a_request_over_both() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        defaults: { timeout: { total: 5s, connect: 1s }, headers: { Accept: a, X-Plan: p }, expect: { absent: .flash, contains: x } }
        users:
          v:
            wait: 1s
            defaults: { timeout: { response: 2s, total: 4s }, headers: { accept: b }, expect: { contains: y } }
            sequence:
              - get: /
              - get: /2
                timeout: { total: 3s, connect: 500ms }
                headers: { ACCEPT: c }
                expect: { absent: none }
        load: { users: 1, duration: 1s }
        ",
        MemoryLoader::new(),
    );
    let told: Vec<_> = graph
        .requests
        .iter()
        .map(|request| {
            let headers = request
                .headers
                .iter()
                .map(|field| format!("{}={}", field.name, field.value.literal().unwrap()));
            let checks = request.checks.iter().map(|check| {
                let operand = check.operand.as_ref().and_then(|text| text.literal());
                format!("{} {}", check.check, operand.unwrap_or("-"))
            });
            let mut told: Vec<_> = headers.chain(checks).collect();
            told.insert(0, limits(request.timeouts));
            told.join(", ")
        })
        .collect();
    let mut told = told;
    told.sort();
    assert_eq!(
        told,
        [
            "3s 500ms 2s, x-plan=p, accept=c, status below 400 -, contains y",
            "4s 1s 2s, x-plan=p, accept=b, status below 400 -, contains y, no .flash -",
        ]
    );
}
