//! What requests are called in the numbers, and where a plan's text is a template.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::sync::{Arc, Mutex};

use plan::{
    exchange::FailureKind,
    protocol::scripted::{Answer, Scripted},
    stats::RunRecord,
};
use running::{Run, compile, dedent, mistakes, requests};

/// A target that writes down each URL, header of ours and body, and is content.
fn noting(seen: &Arc<Mutex<Vec<String>>>) -> Scripted {
    let seen = seen.clone();
    Scripted::new(move |asked| {
        let request = asked.request;
        let mut line = format!("{} {}", request.method, request.url);
        for (name, value) in &request.headers {
            line += &format!(" {name}={}", value.as_str());
        }
        if let Some(body) = &request.body {
            line += &format!(" [{}]", str::from_utf8(&body.bytes).unwrap());
        }
        seen.lock().unwrap().push(line);
        Answer::new(200, "the body of 7")
    })
}

/// One user who takes these steps once.
fn once(vars: &str, steps: &str) -> String {
    let steps: String = dedent(steps)
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "plan: 1\ntarget: http://target:8000\nusers:\n  ada:\n    wait: none\n    vars: {vars}\n    \
         sequence:\n{steps}load: {{ users: 1, per_user: 1 }}\n"
    )
}

async fn play(plan: &str) -> (Vec<String>, RunRecord) {
    let seen = Arc::default();
    let record = Run::of(compile(plan), noting(&seen)).go().await;
    let lines = seen.lock().unwrap().clone();
    (lines, record)
}

fn rows(record: &RunRecord) -> Vec<&str> {
    record.rows.iter().map(|row| &*row.name).collect()
}

#[tokio::test(start_paused = true)]
#[rustfmt::skip]
async fn a_request_is_called_by_its_method_and_path_as_written() {
    let vars = "{ post_id: 7, word: 'a b', base: 'http://target:8000', link: /linked }";
    let rows_of = [
        ("get: /",                                            "GET /"),
        ("post: /{{ post_id }}/update",                       "POST /{post_id}/update"),
        ("delete: /{{post_id}}",                              "DELETE /{post_id}"),
        ("get: /{{ post_id + 1 }}/{{ word | upper }}",        "GET /{…}/{…}"),
        ("get: /{{ user.id }}/{{ iteration }}",               "GET /{user.id}/{iteration}"),
        ("get: /search?q={{ word }}&page=2",                  "GET /search"),
        ("get: http://target:8000/login",                     "GET /login"),
        ("get: http://target:8001/login",                     "GET target:8001/login"),
        ("get: https://target:8000/login",                    "GET target:8000/login"),
        ("get: https://cdn.example/{{ post_id }}.js?v={{ word }}", "GET cdn.example/{post_id}.js"),
        ("get: '{{ base }}/x'",                               "GET {base}/x"),
        ("get: '{{ base }}'",                                 "GET {url}"),
        ("get: '{{ base ~ link }}'",                          "GET {url}"),
        ("{ get: '/x?y=1', name: the front door }",           "the front door"),
        ("{ get: /x, name: 'for {{ user.class }}' }",         "for ada"),
    ];
    for (step, name) in rows_of {
        let (_, record) = play(&once(vars, &format!("- {step}"))).await;
        assert_eq!((rows(&record), record.total.ok), (vec![name], 1), "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn equal_names_are_one_row() {
    let plan = once(
        "{ a: 1 }",
        "
        - get: /list?page=1
        - get: /list?page=2
        - get: http://target:8000/list
        - get: /elsewhere
          name: GET /list
        - get: /rendered
          name: '{{ \"GET\" }} /list'
        ",
    );
    let (_, record) = play(&plan).await;
    assert_eq!(rows(&record), ["GET /list"]);
    assert_eq!(requests(&record, "GET /list"), 5);
}

/// Ten thousand ids would be ten thousand rows if names had them.
#[tokio::test(start_paused = true)]
async fn ten_thousand_ids_are_one_row_and_one_failure_line() {
    let plan = "
plan: 1
target: http://target
users:
  reader: { wait: none, sequence: [{ get: '/{{ iteration }}/update', expect: { contains: 'post {{ iteration }}!' } }] }
load: { users: 1, per_user: 10000 }
";
    let record = Run::of(compile(plan), Scripted::always(200)).go().await;

    assert_eq!(rows(&record), ["GET /{iteration}/update"]);
    let [line] = &record.failures[..] else {
        panic!("{} failure lines", record.failures.len());
    };
    assert_eq!(
        (&*line.name, line.count),
        ("GET /{iteration}/update", 10_000)
    );
    assert_eq!(line.kind, FailureKind::Expectation);
    let details: Vec<_> = line
        .examples
        .iter()
        .map(|example| &example.detail)
        .collect();
    assert!(
        details.windows(2).any(|pair| pair[0] != pair[1]),
        "messages differ and do not set failures apart: {details:?}"
    );
}

#[test]
fn thresholds_match_names_exactly() {
    let plan = |name: &str| {
        format!(
            "{}thresholds: [errors < 1%, 'p95 of \"{name}\" < 1s']\n",
            once("{ id: 7 }", "- get: /{{ id }}/update?x=1")
        )
    };
    assert_eq!(mistakes(&plan("GET /{id}/update")), "");
    for near in [
        "GET /{id}/updat",
        "get /{id}/update",
        "GET /7/update",
        "GET /{id}/update?x=1",
        "/{id}/update",
    ] {
        let found = mistakes(&plan(near));
        assert!(found.starts_with("error["), "{near}: {found}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_in_a_path_is_one_segment_unless_raw() {
    let plan = once(
        "{ way: 'a/b?c=d#e f%é', size: 5 }",
        "
        - get: /one/{{ way }}/end
        - get: /all/{{ way | raw }}
        - get: /search?q={{ way }}&size={{ size }}
        - get: /{{ way | upper }}
        ",
    );
    let (seen, _) = play(&plan).await;
    assert_eq!(
        seen,
        [
            "GET http://target:8000/one/a%2Fb%3Fc%3Dd%23e%20f%25%C3%A9/end",
            "GET http://target:8000/all/a/b?c=d#e%20f%%C3%A9",
            "GET http://target:8000/search?q=a%2Fb%3Fc%3Dd%23e%20f%25%C3%A9&size=5",
            "GET http://target:8000/A%2FB%3FC%3DD%23E%20F%25%C3%89",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn requests_are_templated_and_keep_the_source_text_of_scalars() {
    let plan = once(
        "{ id: 7, on: true }",
        "
        - post: /{{ id }}
          name: 'post of {{ user.class }}'
          headers: { X-Code: 007, X-Id: '{{ id }}', X-On: '{{ on }}' }
          form: { pin: 007, id: '{{ id }}', on: '{{ on }}', yes: yes, ratio: 1.50 }
          expect: { contains: 'body of {{ id }}', final_path: '/{{ id }}' }
        ",
    );
    let (seen, record) = play(&plan).await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(
        seen,
        ["POST http://target:8000/7 x-code=007 x-id=7 x-on=true \
          [pin=007&id=7&on=true&yes=yes&ratio=1.50]"]
    );
    assert_eq!(rows(&record), ["post of ada"]);
}

#[tokio::test(start_paused = true)]
async fn a_value_alone_keeps_its_type_where_variables_are_set_and_is_text_elsewhere() {
    let plan = once(
        "{ n: 3, list: [1, 2], again: '{{ list }}', text: '{{ n }}0' }",
        "
        - set: { more: '{{ n }}', whole: '{{ list }}' }
        - get: /{{ more + 1 }}/{{ whole | length }}/{{ again[1] }}/{{ text | length }}
        - get: /{{ n }}
          headers: { X-N: '{{ n }}' }
        ",
    );
    let (seen, record) = play(&plan).await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(
        seen,
        [
            "GET http://target:8000/4/2/2/2",
            "GET http://target:8000/3 x-n=3",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn null_and_lists_have_no_text_and_fail_the_request() {
    let plan = once(
        "{ list: [1], nothing: '{{ none }}' }",
        "
        - get: /{{ nothing }}
          on_fail: continue
        - get: /{{ list }}
          on_fail: continue
        - get: /ok
        ",
    );
    let (seen, record) = play(&plan).await;
    assert_eq!(
        seen,
        ["GET http://target:8000/ok"],
        "the others were never sent"
    );
    let details: Vec<_> = record
        .failures
        .iter()
        .map(|line| (line.kind, &*line.examples[0].detail))
        .collect();
    assert_eq!(
        details,
        [
            (FailureKind::Template, "`list` is a list and has no text"),
            (FailureKind::Template, "`nothing` is null and has no text"),
        ]
    );
}

#[test]
fn a_null_where_a_text_is_sent_is_an_error_that_mentions_the_comment_sign() {
    for key in ["headers", "form"] {
        let steps = format!("- post: /\n  {key}: {{ a: 1, colour: }}\n");
        let found = mistakes(&once("{ a: 1 }", &steps));
        assert!(found.contains('#'), "{key}: {found}");
        assert!(found.contains("plan.yaml:"), "{key}: {found}");
    }
}

#[test]
fn selectors_waits_and_numbers_are_no_templates() {
    let selector = once("{ a: 1 }", "- get: /\n  expect: { absent: '{{ a }}' }\n");
    assert!(mistakes(&selector).starts_with("error["));
    let wait = once("{ a: 1 }", "- wait: '{{ a }}s'\n- get: /\n");
    assert!(mistakes(&wait).starts_with("error["));
    let weight = "
        plan: 1
        target: http://target
        users:
          ada: { wait: none, weight: '{{ 1 }}', sequence: [{ get: / }] }
        load: { users: '{{ 1 }}', per_user: 1 }
        ";
    assert_eq!(mistakes(weight).matches("error[").count(), 2);
}

/// A path that begins with `//` would be another host to those who join URLs.
#[tokio::test(start_paused = true)]
async fn no_value_of_a_segment_changes_the_host() {
    let plan = once(
        "{ empty: '', host: '//evil.example' }",
        "
        - get: /{{ empty }}/update
        - get: /{{ host }}/update
        - get: /{{ host | raw }}/update
        ",
    );
    let (seen, _) = play(&plan).await;
    assert_eq!(
        seen,
        [
            "GET http://target:8000//update",
            "GET http://target:8000/%2F%2Fevil.example/update",
            "GET http://target:8000///evil.example/update",
        ]
    );
}
