//! What a run keeps of the failures that it saw, and what it never shows.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use plan::{
    base::colour::Colour,
    exchange::{Failure, FailureKind, Partial},
    protocol::scripted::{Answer, Scripted},
    report::{self, Layout},
    stats::{FailureExample, MAX_EXAMPLES, RunRecord},
};
use proptest::prelude::*;
use running::{Run, compile};
use url::form_urlencoded;

#[test]
fn the_reference_names_every_kind() {
    let readme = include_str!("../README.md");
    for kind in FailureKind::ALL {
        assert!(readme.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_404_for_each_of_ten_thousand_posts_is_one_row_and_one_failure_line() {
    let plan = "
plan: 1
target: http://target
users:
  reader: { wait: none, sequence: [{ get: '/{{ iteration }}' }] }
load: { users: 1, per_user: 10000 }
";
    let target = Scripted::new(|asked| {
        Answer::new(404, format!("<p>no post {}</p>", asked.request.url.path()))
            .header("content-type", "text/html")
    });
    let record = Run::of(compile(plan), target).go().await;

    let rows: Vec<_> = record
        .rows
        .iter()
        .map(|row| (&*row.name, row.failed))
        .collect();
    assert_eq!(rows, [("GET /{iteration}", 10_000)]);
    let [line] = &record.failures[..] else {
        panic!("{} failure lines", record.failures.len());
    };
    assert_eq!((line.kind, line.count), (FailureKind::Status, 10_000));
    assert_eq!(line.examples.len(), MAX_EXAMPLES);
    assert_eq!(record.examples_left_out, 0);
    assert_eq!(
        failures_of(&record),
        "
Failures
  10000 × status in GET /{iteration}, first after 0s, last after 0s
          expected status below 400, got 404
          curl -i http://target/1
          < 404 · content-type: text/html
          < <p>no post /1</p>
"
    );
}

/// Whatever a failure is, its example says what can be said.
#[tokio::test(start_paused = true)]
async fn each_way_to_fail_has_its_example() {
    let plan = "
plan: 1
target: http://target
users:
  ada:
    wait: none
    sequence:
      - post: /login
        form: { username: ada, password: hunter22 }
      - get: /refused
      - get: /half
      - { get: /page, expect: { contains: Welcome } }
      - { get: /page, extract: { id: { css: h1, attr: id } } }
      - get: '/{{ [][0] }}'
      - record: { type: mail, name: inbox, time: 0s, ok: '{{ false }}' }
load: { users: 1, per_user: 1 }
";
    let target = Scripted::new(|asked| match asked.request.url.path() {
        "/login" => Answer::new(200, "").cookie("session", "c00kie-value"),
        "/refused" => Answer::failed(Failure::new(FailureKind::Refused, "nobody listens")),
        "/half" => Answer::failed(Failure::new(FailureKind::TruncatedBody, "closed").after(
            Partial {
                status: 200,
                headers: [("server", "x")].into_iter().collect(),
                beginning: b"half a pa".to_vec(),
            },
        )),
        _ => Answer::new(200, "<h1>Hello</h1>"),
    });
    let record = Run::of(compile(plan), target).go().await;
    let mut shown: Vec<_> = record
        .failures
        .iter()
        .map(|line| shown(&line.kind, &line.examples[0]))
        .collect();
    shown.sort();
    let login = "-H 'cookie: session=***'";
    assert_eq!(
        shown,
        [
            format!(
                "expectation: the page does not contain `Welcome`; the page begins with `<h1>Hello</h1>` | GET http://target/page | curl -i http://target/page {login} | 200 <h1>Hello</h1>"
            ),
            format!(
                "extraction: the `h1` that `h1` matched has no attribute `id` | GET http://target/page | curl -i http://target/page {login} | 200 <h1>Hello</h1>"
            ),
            "recorded: the plan says that it did not go well | mail inbox | - | -".to_owned(),
            format!(
                "refused: nobody listens | GET http://target/refused | curl -i http://target/refused {login} | -"
            ),
            "template: `[][0]` has no value | GET (not sent) | - | -".to_owned(),
            format!(
                "truncated_body: closed | GET http://target/half | curl -i http://target/half {login} | 200 half a pa"
            ),
        ]
    );
}

fn shown(kind: &FailureKind, example: &FailureExample) -> String {
    let curl = example
        .curl
        .as_ref()
        .map_or_else(|| "-".to_owned(), ToString::to_string);
    let answer = example.answer.as_ref().map_or_else(
        || "-".to_owned(),
        |answer| format!("{} {}", answer.status, answer.body_beginning),
    );
    format!(
        "{kind}: {} | {} | {curl} | {answer}",
        example.detail, example.request
    )
}

/// What a planted secret is made of: all that shells, forms, JSON and HTML care about.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 &=<>'\"%+$;/?#ż-]{4,20}".prop_map(|middle| format!("s3{middle}cr"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_is_in_any_output(
        header in secret(),
        key in secret(),
        query in secret(),
        field in secret(),
        member in secret(),
        url in "[a-z0-9]{6,12}".prop_map(|middle| format!("u{middle}q")),
        cookie in "[A-Za-z0-9.=_-]{6,20}".prop_map(|middle| format!("k{middle}w")),
        set in "[A-Za-z0-9.=_-]{6,20}".prop_map(|middle| format!("n{middle}v")),
    ) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let plan = format!(
            "
plan: 1
target: http://ada:{url}@target
users:
  ada:
    wait: none
    sequence:
      - get: /cookie
      - post: /form
        headers: {{ authorization: {}, x-api-key: {} }}
        query: {{ access_token: {}, page: 2 }}
        form: {{ user: ada, new-password: {} }}
      - post: /json
        json: {{ user: ada, client: {{ secret: [{}] }} }}
load: {{ users: 1, per_user: 1 }}
",
            quoted(&format!("Bearer {header}")), quoted(&key), quoted(&query), quoted(&field), quoted(&member),
        );
        let (cookie_held, set_later) = (cookie.clone(), set.clone());
        let target = Scripted::new(move |asked| match asked.request.url.path() {
            "/cookie" => Answer::new(200, "").cookie("session", &cookie_held),
            _ => echo(asked.request, &cookie_held)
                .header("set-cookie", format!("session={set_later}; Path=/")),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let record = runtime.block_on(Run::of(compile(&plan), target).go());
        prop_assert_eq!(record.failures.len(), 2);

        let summary = report::summary(&record).to_string();
        let text = text_of(&record);
        for secret in [&header, &key, &query, &field, &member, &url, &cookie, &set] {
            let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for form in [secret.clone(), form, quoted(secret).trim_matches('"').to_owned()] {
                prop_assert!(!text.contains(&form), "{form} in {text}");
                prop_assert!(!summary.contains(&form), "{form} in {summary}");
                prop_assert!(!summary.contains(quoted(&form).trim_matches('"')), "{form} in {summary}");
            }
        }
    }
}

/// An answer that repeats all it was sent, as pages for debugging do.
fn echo(request: &plan::exchange::Request, cookie: &str) -> Answer {
    let mut page = format!("{} with {cookie}\n", request.url);
    for (name, value) in &request.headers {
        page += &format!("{name}: {}\n", value.as_str());
    }
    if let Some(body) = &request.body {
        page += str::from_utf8(&body.bytes).unwrap();
        for (name, value) in form_urlencoded::parse(&body.bytes) {
            page += &format!("\n<dt>{name}<dd>{value}");
        }
    }
    Answer::new(500, page).header("x-was", request.url.as_str())
}

fn text_of(record: &RunRecord) -> String {
    report::render(
        record,
        Layout {
            width: 120,
            colour: Colour::Plain,
        },
    )
}

/// The section of the report, with the empty line before it.
fn failures_of(record: &RunRecord) -> String {
    let text = text_of(record);
    let start = text.find("\nFailures\n").unwrap();
    let end = text.find("\nThresholds").unwrap();
    text[start..end].to_owned()
}
