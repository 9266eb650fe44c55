//! Plans against a server that compresses its pages and writes them in charsets
//! of its own: expectations, extractions and templates read what a browser shows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "faults/mod.rs"]
mod faults;
mod running;

use faults::{Act, Faults, Script, send_bytes};
use plan::{
    protocol::{Protocol, http::Http},
    stats::RunRecord,
};
use running::{Run, compile};

/// `<title>Łódź</title><p>zażółć gęślą jaźń</p>` in ISO-8859-2, by `gzip -9`.
#[rustfmt::skip]
const PAGE: [u8; 70] = [
    0x1f, 0x8b, 0x08, 0x08, 0xab, 0x9c, 0x03, 0x6b, 0x02, 0x03, 0x70, 0x61, 0x67, 0x65,
    0x2e, 0x68, 0x74, 0x6d, 0x6c, 0x00, 0xb3, 0x29, 0xc9, 0x2c, 0xc9, 0x49, 0xb5, 0x5b,
    0xfc, 0x39, 0x65, 0x8f, 0x8d, 0x3e, 0x84, 0x6d, 0x53, 0x60, 0x57, 0x95, 0xb8, 0xff,
    0xf3, 0xe6, 0x67, 0x0a, 0xe9, 0xaf, 0xb6, 0xe5, 0x6c, 0x54, 0xc8, 0x4a, 0xdc, 0xf3,
    0xd1, 0x46, 0xbf, 0xc0, 0x0e, 0x00, 0x3a, 0x49, 0x2f, 0xb4, 0x2b, 0x00, 0x00, 0x00,
];

fn answer(headers: &str, body: &[u8]) -> Script {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    vec![send_bytes(&[head.as_bytes(), body].concat()), Act::Answered]
}

/// A server with pages: whole, cut off, and packed by a method that is not read.
async fn server() -> Faults {
    let server = Faults::start().await;
    let latin = "Content-Type: text/html; charset=iso-8859-2\r\n";
    let gzip = format!("{latin}Content-Encoding: gzip\r\n");
    let brotli = format!("{latin}Content-Encoding: br\r\n");
    server.on("/page", answer(&gzip, &PAGE));
    server.on("/cut", answer(&gzip, &PAGE[..40]));
    server.on("/brotli", answer(&brotli, b"\x0b\x02\x80"));
    server.on(
        "/json",
        answer("", b"\xef\xbb\xbf{\"city\": \"\xc5\x81\xc3\xb3d\xc5\xba\"}"),
    );
    server
}

/// One user who takes the steps once.
async fn visit(server: &Faults, steps: &str) -> RunRecord {
    let plan = format!(
        "plan: 1\ntarget: {}\nusers:\n  visitor:\n    wait: none\n    sequence: [look]\n\
         tasks:\n  look:\n{steps}\nload: {{ iterations: 1, users: 1 }}\n",
        server.url("/")
    );
    let http = Protocol::Http(Http::default());
    Run::over(compile(&plan), http).go().await
}

/// Requests that were as expected, and each failure.
fn told(record: &RunRecord) -> (u64, Vec<String>) {
    let failures = record.failures.iter().map(|failure| {
        let detail = &failure.examples[0].detail;
        format!(
            "{} {} {}: {detail}",
            failure.count, failure.name, failure.kind
        )
    });
    (record.total.ok, failures.collect())
}

#[tokio::test]
async fn expectations_extractions_and_templates_read_what_a_browser_shows() {
    let server = server().await;
    let record = visit(
        &server,
        "
    - get: /page
      headers: { accept-encoding: 'gzip, deflate' }
      expect: { contains: Łódź, css: { title: Łódź }, matches: 'gęśl(ą|e)', size: 70 }
      extract:
        words: { css: p }
        city: { regex: '<title>(.*?)<' }
        all: body
    - when: response.body == all and 'jaźń' in response.body
      post: /page
      name: 'in {{ city }}: {{ words }}'
      form: { city: '{{ city }}' }
    - get: /json
      expect: { jsonpath: { $.city: Łódź } }
    - when: response.json.city == city
      get: /page
      name: the end",
    )
    .await;

    assert_eq!(told(&record), (4, vec![]));
    let names: Vec<_> = record.rows.iter().map(|row| &*row.name).collect();
    assert!(names.contains(&"in Łódź: zażółć gęślą jaźń"), "{names:?}");
    let seen = server.seen();
    assert_eq!(
        seen[0].header("accept-encoding").as_deref(),
        Some("gzip, deflate")
    );
    assert_eq!(seen[1].body, "city=%C5%81%C3%B3d%C5%BA");
    assert_eq!(seen[1].header("accept-encoding"), None);
    let json_bytes = 3 + "{\"city\": \"Łódź\"}".len() as u64;
    assert_eq!(record.total.received_bytes, 3 * 70 + json_bytes);
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_one_failure_of_the_request_that_got_it() {
    let server = server().await;
    let cut = "decompression: the body says it is gzip, and ends too early";
    let brotli = "decompression: the body says it is `br`, which is not read; gzip and deflate are";
    #[rustfmt::skip]
    let rows = [
        ("- { get: /cut, expect: { contains: Łódź } }",                 (0, vec![format!("1 GET /cut {cut}")])),
        ("- { get: /brotli, expect: { absent: p } }",                   (0, vec![format!("1 GET /brotli {brotli}")])),
        ("- { get: /brotli, extract: { words: { css: p, optional: true } } }\n    - { log: '{{ words | default(0) }}' }",
                                                                        (0, vec![format!("1 GET /brotli {brotli}")])),
        ("- { get: /cut }\n    - { log: '{{ response.body }}' }",       (0, vec![format!("1 GET /cut {cut}")])),
        // What comes first is the failure.
        ("- { get: /cut, expect: { status: 404, contains: Łódź } }",    (0, vec!["1 GET /cut status: expected status 404, got 200".to_owned()])),
        // Nobody reads these.
        ("- { get: /cut, expect: { status: 200, size: 40 }, extract: { kind: { header: content-type } } }\n    - { log: '{{ kind }}' }",
                                                                        (1, vec![])),
        ("- { get: /brotli }\n    - { log: '{{ response.status }}' }",  (1, vec![])),
    ];
    for (step, expected) in rows {
        let record = visit(&server, &format!("    {step}")).await;
        assert_eq!(told(&record), expected, "{step}");
    }
}

/// The whole answer came: how long that took, a percentile tells.
#[tokio::test]
async fn a_broken_body_has_a_latency() {
    let server = server().await;
    let record = visit(&server, "    - { get: /cut, expect: { contains: x } }").await;
    assert_eq!(record.total.failed, 1);
    assert_eq!(record.total.received_bytes, 40);
    assert!(record.total.response().max().is_some());
}
