//! What requests send, how their redirects are counted, and what is read of their
//! answers: plans on a paused clock.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::sync::{Arc, Mutex};

use plan::{
    graph::RequestName,
    protocol::scripted::{Answer, Scripted},
    stats::RunRecord,
};
use running::{Run, compile, mistakes, ms, requests};

/// A plan of one user and one pass, from the steps of its one task.
fn plan(steps: &str, more: &str) -> String {
    let steps = running::dedent(steps);
    let steps = steps.lines().map(|line| format!("    {line}\n"));
    format!(
        "plan: 1\ntarget: http://target/base/\n{more}users: {{ visitor: {{ wait: 1s, tasks: [all] }} }}\ntasks:\n  all:\n{}load: {{ users: 1, per_user: 1 }}\n",
        steps.collect::<String>()
    )
}

/// What a target was sent: URL, content type, body.
type Sent = Vec<(String, String, String)>;

async fn sent(steps: &str, more: &str) -> (Sent, RunRecord) {
    let sent = Arc::new(Mutex::new(Sent::new()));
    let seen = sent.clone();
    let target = Scripted::new(move |asked| {
        let request = asked.request;
        let own = request.headers.iter();
        let own = own
            .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| value.as_str())
            .next();
        let body = request.body.as_ref();
        let content_type = own.or(body.and_then(|body| body.content_type.as_deref()));
        let bytes = body.map_or(&b""[..], |body| &body.bytes);
        let url = request.url.as_str().replace("http://target/base", "");
        seen.lock().unwrap().push((
            format!("{} {url}", request.method),
            content_type.unwrap_or("").to_owned(),
            String::from_utf8(bytes.to_vec()).unwrap(),
        ));
        Answer::new(200, "{\"id\": 7, \"tags\": [\"a\", \"b\"]}").after(ms(250))
    });
    let record = Run::of(compile(&plan(steps, more)), target).go().await;
    let sent = sent.lock().unwrap().clone();
    (sent, record)
}

fn row(line: &str, content_type: &str, body: &str) -> (String, String, String) {
    (line.to_owned(), content_type.to_owned(), body.to_owned())
}

#[tokio::test(start_paused = true)]
async fn each_way_to_send_something() {
    let (sent, _) = sent(
        "
        - get: /search?a=1
          query: { q: 'ł & {{ word }}', page: 007, on: yes, empty: '' }
        - post: /form
          form: { title: 'a+b {{ word }}', pin: 007 }
        - put: /json
          json:
            text: '{{ word }}'
            number: '{{ user.id }}'
            mixed: 'n{{ user.id }}'
            list: [1, 2.5, true, null, '{{ word }}']
            nested: { deep: '{{ words }}' }
        - patch: /json
          headers: { content-type: application/merge-patch+json }
          json: [7]
        - delete: /text
          body: 'raw {{ word }} ł'
        - post: /text
          headers: { Content-Type: text/csv }
          body: |
            a,b
            1,2
        - post: /nothing
        ",
        "vars: { word: 'w&w', words: [x, 1] }\n",
    )
    .await;
    assert_eq!(
        sent,
        [
            row(
                "GET /search?a=1&q=%C5%82+%26+w%26w&page=007&on=yes&empty=",
                "",
                ""
            ),
            row(
                "POST /form",
                "application/x-www-form-urlencoded",
                "title=a%2Bb+w%26w&pin=007"
            ),
            row(
                "PUT /json",
                "application/json",
                r#"{"text":"w&w","number":1,"mixed":"n1","list":[1,2.5,true,null,"w&w"],"nested":{"deep":["x",1]}}"#
            ),
            row("PATCH /json", "application/merge-patch+json", "[7]"),
            row("DELETE /text", "", "raw w&w ł"),
            row("POST /text", "text/csv", "a,b\n1,2\n"),
            row("POST /nothing", "", ""),
        ]
    );
}

#[test]
fn what_does_not_depend_on_the_user_is_made_once() {
    let graph = compile(&plan(
        "
        - { get: /, query: { a: 1 } }
        - { post: /, json: { a: [1, x] } }
        - { post: /, body: x }
        - { get: /, query: { a: '{{ user.id }}' } }
        - { post: /, json: { a: ['{{ user.id }}'] } }
        - { post: /, body: '{{ user.id }}' }
        ",
        "",
    ));
    // Nodes are made from the end.
    let ready: Vec<bool> = graph
        .requests
        .iter()
        .map(|each| each.ready.is_some())
        .collect();
    assert_eq!(ready, [false, false, false, true, true, true]);
}

#[tokio::test(start_paused = true)]
async fn redirects_are_counted_as_the_nearest_one_says() {
    let text = "
        plan: 1
        target: http://target
        defaults: { redirects: none }
        users:
          a:
            wait: 1s
            sequence:
              - { post: /plan, expect: { status: 302, final_path: /plan } }
              - { post: /own, redirects: follow, expect: { final_path: /there } }
          b:
            defaults: { redirects: each }
            wait: 1s
            sequence:
              - { post: /class, expect: { final_path: /there } }
              - { post: /named, name: the named, expect: { status: 404 } }
        load: { users: 2, per_user: 2 }
    ";
    let target = Scripted::new(|_| Answer::new(200, "body").redirected_to("/there"));
    let record = Run::of(compile(&running::dedent(text)), target).go().await;
    let rows: Vec<(&str, u64, u64, u64)> = record
        .rows
        .iter()
        .map(|row| (&*row.name, row.ok, row.failed, row.redirects))
        .collect();
    assert_eq!(
        rows,
        [
            ("POST /class", 2, 0, 0),
            ("POST /class → redirect 1", 2, 0, 0),
            ("POST /own", 2, 0, 2),
            ("POST /plan", 2, 0, 0),
            ("the named", 2, 0, 0),
            // What is expected is expected of the last hop.
            ("the named → redirect 1", 0, 2, 0),
        ]
    );
    assert_eq!(&*record.failures[0].name, "the named → redirect 1");
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_can_be_read() {
    let (sent, record) = sent(
        "
        - get: /one
        - get: '/{{ response.status }}{{ response.path }}/{{ response.time }}'
        - post: /json
          form: { id: '{{ response.json.id }}', tag: '{{ response.json.tags[1] }}', size: '{{ response.body | length }}' }
        - get: /skipped
          when: response.status >= 400
        - get: /kept
          when: response.json.id == 7 and 'tags' in response.body
        - log: '{{ response.url }}'
        ",
        "",
    )
    .await;
    let lines: Vec<_> = sent
        .iter()
        .map(|(line, _, body)| format!("{line} {body}"))
        .collect();
    assert_eq!(
        lines,
        [
            "GET /one ",
            "GET /200%2Fbase%2Fone/0.25 ",
            "POST /json id=7&tag=b&size=29",
            "GET /kept ",
        ]
    );
    assert_eq!(record.total.failed, 0);
    assert_eq!(record.skipped.len(), 1);
}

#[test]
fn a_body_is_kept_only_where_something_reads_it() {
    use plan::{exchange::BodyUse, graph::Keeps};
    let text = "
        plan: 1
        target: http://target
        users:
          visitor:
            wait: 1s
            tasks: [reads_body, reads_status, reads_nothing, reads_after_another]
        tasks:
          reads_body: [{ get: /body }, maybe]
          maybe: [{ log: '{{ response.body }}', when: user.id > 1 }]
          reads_status: [{ get: /status }, { log: '{{ response.status }}' }]
          reads_nothing: [{ get: /nothing }, { log: x }]
          reads_after_another: [{ get: /first }, { get: /second }, { log: '{{ response.json }}' }]
        load: { users: 1, per_user: 1 }
    ";
    let graph = compile(&running::dedent(text));
    let mut kept: Vec<_> = graph
        .requests
        .iter()
        .map(|request| {
            let RequestName::Known(row) = request.name else {
                panic!("all names are known");
            };
            let ready = request.ready.as_ref().unwrap();
            assert_eq!(ready.body_use, request.body_use);
            (graph.row(row).to_string(), request.keeps, request.body_use)
        })
        .collect();
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [
        ("GET /body", Keeps::Answer, BodyUse::Keep),
        ("GET /first", Keeps::Nothing, BodyUse::Count),
        ("GET /nothing", Keeps::Nothing, BodyUse::Count),
        ("GET /second", Keeps::Answer, BodyUse::Keep),
        ("GET /status", Keeps::Answer, BodyUse::Count),
    ];
    assert_eq!(
        kept,
        expected.map(|(name, keeps, body)| (name.to_owned(), keeps, body))
    );
}

#[test]
fn an_answer_that_need_not_be_there_is_missed() {
    let text = "
        plan: 1
        target: http://target
        vars: { early: '{{ response.status }}' }
        users:
          visitor:
            wait: 1s
            tasks: [first, second, guarded]
        tasks:
          first: [{ get: / }, { log: '{{ response.status }}' }]
          second: [{ log: '{{ response.status }}' }, { get: /, on_fail: continue }, { log: '{{ response.time }}' }]
          guarded: [{ log: '{{ response.status }}', when: response.status is defined }]
        load: { users: 1, per_user: 1 }
    ";
    assert_eq!(
        mistakes(text),
        "\
error[P0301]: `response` is read before anything was asked
 --> plan.yaml:3:20
  |
3 | vars: { early: '{{ response.status }}' }
  |                    ^^^^^^^^^^^^^^^ `vars` are worked out before the first request
  |
  = help: read it in a step after the request

error[P0301]: `response` is read where there may be none
  --> plan.yaml:10:23
   |
10 |   second: [{ log: '{{ response.status }}' }, { get: /, on_fail: continue }, { log: '{{ response.time }}' }]
   |                       ^^^^^^^^^^^^^^^ users of `visitor` may come here without it      ------------- and here
   |
   = help: it is the last answer of the same round: read it after the request, or guard the step by `when: response.status is defined`

2 errors in plan.yaml
"
    );
}

#[test]
fn one_request_sends_one_thing() {
    let text = plan(
        "
        - { post: /, form: { a: 1 }, json: { a: 1 } }
        - { post: /, json: 1, body: x }
        - { get: /, json: 1 }
        - { get: /, query: { a: } }
        - { get: /, redirects: folow }
        - { delete: /, form: { a: 1 } }
        - { post: /, form: { '{{ k }}': 1 } }
        - { get: /, params: { a: 1 } }
        - { sleep: 5s }
        ",
        "",
    );
    let told: Vec<_> = mistakes(&text)
        .lines()
        .filter(|line| line.starts_with("error") || line.contains("help"))
        .map(|line| line.trim().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "error[P0009]: `form` and `json` exclude each other",
            "error[P0009]: `json` and `body` exclude each other",
            "error[P0002]: `json` is not a key of a GET request",
            "= help: a GET request has no body; write the values under `query`, or use `post`",
            "error[P0003]: `tasks.all[3].query.a` is empty",
            "= help: write `''` for an empty text; one that begins with `#` needs quotes",
            "error[P0006]: `tasks.all[4].redirects` should be `follow`, `each` or `none`, not `folow`",
            "= help: did you mean `follow`?",
            "error[P0006]: the key `{{ k }}` is no template",
            "= help: write the key out; only values are templates",
            "error[P0002]: `params` is not a key of a GET request",
            "= help: it is called `query`",
            "error[P0002]: `sleep` is not a key of a step",
            "= help: write `wait`",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn names_are_made_as_the_rules_say() {
    let (_, record) = sent(
        "
        - get: '/{{ word }}/{{ word | upper }}?q={{ word }}'
          query: { more: 1 }
        - get: '{{ base }}/x'
        - get: '{{ whole }}'
        - get: http://target/base/same
        - get: http://other:81/path
        - { get: /named, name: 'mine {{ word }}' }
        ",
        "vars: { word: 'a/b', base: http://target/base, whole: http://target/base/y }\n",
    )
    .await;
    for name in [
        "GET /{word}/{…}",
        "GET {base}/x",
        "GET {url}",
        "GET /base/same",
        "GET other:81/path",
        "mine a/b",
    ] {
        assert_eq!(requests(&record, name), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_in_a_path_is_one_segment_unless_it_is_raw() {
    let (sent, _) = sent(
        "
        - get: '/{{ word }}/{{ word | raw }}?q={{ word }}'
        - get: '{{ word | raw }}'
        ",
        "vars: { word: '/a b/ł?c' }\n",
    )
    .await;
    let lines: Vec<_> = sent.iter().map(|(line, ..)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "GET /%2Fa%20b%2F%C5%82%3Fc//a%20b/%C5%82?c?q=%2Fa%20b%2F%C5%82%3Fc",
            "GET /a%20b/%C5%82?c",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_value_cannot_lead_out_of_its_segment() {
    for value in ["..", "."] {
        let (sent, record) = sent(
            "
            - get: '/a/{{ word }}/update'
            - get: /never
            ",
            &format!("vars: {{ word: '{value}' }}\n"),
        )
        .await;
        assert_eq!(sent, [], "{value}");
        assert_eq!(
            record.failures[0].kind,
            plan::exchange::FailureKind::Template
        );
    }
}

#[test]
fn numbers_that_could_not_be_sent_as_they_are_are_refused() {
    let text = plan(
        "
        - { post: /, json: { big: 9223372036854775808, max: 9223372036854775807, text: '9223372036854775808' } }
        - { post: /, json: [[.inf], .nan, 1.5] }
        - { set: { n: -99999999999999999999 } }
        - { post: /, form: { pin: 99999999999999999999 } }
        ",
        "",
    );
    let told = mistakes(&text);
    let told: Vec<_> = told
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[P0006]: `9223372036854775808` is no number of 64 bits",
            "error[P0006]: JSON has no number that is infinite or none",
            "error[P0006]: JSON has no number that is infinite or none",
            "error[P0006]: `-99999999999999999999` is no number of 64 bits",
        ]
    );
}

#[test]
fn thresholds_can_name_hops_and_nothing_that_never_comes() {
    let text = |name: &str| {
        format!(
            "{}thresholds: [errors < 1%, 'p95 of \"{name}\" < 1s']\n",
            plan("- { get: /x, redirects: each }", "")
        )
    };
    for name in ["GET /base/x", "GET /x → redirect 11", "get /x", "nonsense"] {
        assert!(mistakes(&text(name)).starts_with("error[P0206]"), "{name}");
    }
    for name in ["GET /x", "GET /x → redirect 1", "GET /x → redirect 10"] {
        assert_eq!(mistakes(&text(name)), "", "{name}");
    }
}

#[test]
fn what_could_never_hold_is_refused() {
    let text = plan(
        "
        - { get: /, timeout: 0s }
        - { get: /, timeout: { response: 0s } }
        - { get: /, timeout: { read: 5s } }
        - { get: /, expect: { within: 0ms } }
        - { get: /, expect: { final_path: x } }
        - { get: /, expect: { final_path: 'http://target/x' } }
        ",
        "",
    );
    let told = mistakes(&text);
    let told: Vec<_> = told
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[P0006]: `tasks.all[0].timeout` should be longer than no time at all",
            "error[P0006]: `tasks.all[1].timeout.response` should be longer than no time at all",
            "error[P0002]: `read` is not a key of a timeout as a mapping",
            "error[P0006]: `tasks.all[3].expect.within` should be longer than no time at all",
            "error[P0006]: `tasks.all[4].expect.final_path` is no path: it never holds",
            "error[P0006]: `tasks.all[5].expect.final_path` is no path: it never holds",
        ]
    );
}
