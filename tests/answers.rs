//! What plans take from answers and demand of them: from their text to the record
//! of the run, and to the mistakes that are found before it.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::sync::{Arc, Mutex};

use plan::{
    exchange::BodyUse,
    protocol::scripted::{Answer, Scripted},
    stats::RunRecord,
};
use running::{Run, compile, dedent, mistakes, ms, requests};

/// A plan of one user who goes through these steps once.
fn once(steps: &str) -> String {
    let steps: String = dedent(steps)
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  one: {{ wait: 1h, tasks: [walk] }}\ntasks:\n  walk:\n{steps}load: {{ users: 1, duration: 1m }}\n"
    )
}

const INDEX: &str = "<title>Posts</title><h1>All posts</h1>
<article><a href=/7/update>Edit</a></article>
<article><a href=/5/update>Edit</a></article>";

const ITEMS: &str = r#"{"items": [{"id": 7, "ok": true}, {"id": 8, "ok": null}], "next": null}"#;

/// Pages, JSON, headers and a cookie.
fn answer(path: &str) -> Answer {
    let (head, body) = match path {
        "/items" => ("application/json", ITEMS),
        _ => ("text/html; charset=utf-8", INDEX),
    };
    let answer = Answer::new(200, body)
        .header("content-type", head)
        .header("x-request", "r1");
    match path {
        "/login" => answer.cookie("session", "abc.def").redirected_to("/"),
        "/slow" => answer.after(ms(800)),
        _ => answer,
    }
}

/// Plays the steps and gives the record and the paths that were asked for, with queries.
async fn play(steps: &str) -> (RunRecord, Vec<String>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let target = Scripted::new(move |asked| {
        let url = &asked.request.url;
        let path = url.as_str().strip_prefix("http://target").unwrap();
        log.lock().unwrap().push(path.to_owned());
        answer(url.path())
    });
    let record = Run::of(compile(&once(steps)), target).go().await;
    let asked = asked.lock().unwrap().clone();
    (record, asked)
}

/// What failed: name, kind, and the example kept of it.
async fn failures(steps: &str) -> Vec<String> {
    let (record, _) = play(steps).await;
    let told = record.failures.iter().flat_map(|failure| {
        let head = format!("{} × {} in {}", failure.count, failure.kind, failure.name);
        let details = failure.examples.iter().map(|each| each.detail.clone());
        std::iter::once(head).chain(details)
    });
    told.collect()
}

#[tokio::test(start_paused = true)]
async fn every_source_gives_a_value_that_the_next_request_has() {
    let (record, asked) = play(
        r"
        - get: /
          extract:
            first: { css: 'article a', attr: href, regex: '^/(\d+)/' }
            title: { css: h1 }
            last: { regex: '/(\d+)/update', pick: last }
            second: { css: 'article a', attr: href, pick: 2, regex: '\d' }
            ids: { regex: '/(\d+)/', pick: all }
            kind: { header: Content-Type, regex: '^[a-z/]+' }
            code: status
            from: { url: true, regex: '//([a-z]+)' }
            size: { body: true, regex: '</(.*?)>' }
        - get: /page?{{ first }}-{{ title }}-{{ last }}-{{ second }}-{{ ids | join('+') }}-{{ kind }}-{{ code }}-{{ from }}-{{ size }}
        - post: /login
          extract:
            session: { cookie: session, regex: '^[^.]+' }
            where: url
        - get: /
          extract: { again: { cookie: session } }
        - get: /end?{{ session }}-{{ where }}-{{ again }}
        ",
    )
    .await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(
        asked[1],
        "/page?7-All%20posts-5-5-7%2B5-text%2Fhtml-200-target-title"
    );
    assert_eq!(asked[4], "/end?abc-http%3A%2F%2Ftarget%2F-abc.def");
}

#[tokio::test(start_paused = true)]
async fn json_keeps_its_types_where_they_matter() {
    let (record, asked) = play(
        r"
        - get: /items
          extract:
            id: { jsonpath: '$.items[0].id' }
            ok: { jsonpath: '$.items[0].ok' }
            next: { jsonpath: $.next }
            items: { jsonpath: '$.items' }
            ids: { jsonpath: '$..id', pick: all }
            code: status
        - get: /sum?{{ id + 1 }}-{{ ok }}-{{ next is none }}-{{ items | length }}-{{ ids[1] - 1 }}-{{ code == 200 }}
          when: ok and next is none
        ",
    )
    .await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(asked[1], "/sum?8-true-true-2-7-true");
}

#[tokio::test(start_paused = true)]
async fn what_may_be_missing_is_unset_or_a_default_and_fails_nothing() {
    let (record, asked) = play(
        r"
        - get: /
          extract:
            token: { css: h1 }
        - get: /
          extract:
            token: { css: 'input[name=token]', attr: value, optional: true }
            count: { regex: '(\d+) comments', default: 0 }
            names: { css: li, pick: all, default: [] }
            theme: { cookie: theme, default: 'light' }
        - get: /never
          when: token is defined
        - get: /end?{{ token | default('none') }}-{{ count + 1 }}-{{ names | length }}-{{ theme }}
        ",
    )
    .await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(asked, ["/", "/", "/end?none-1-0-light"]);
}

#[tokio::test(start_paused = true)]
async fn a_random_pick_is_the_seeds_and_shifts_nothing_else() {
    let picks = |seed, regex: &str| {
        let text = once(&format!(
            "
            - get: /
              extract: {{ id: {{ regex: '{regex}', pick: random }} }}
            - get: /{{{{ id }}}}?{{{{ random_int(1, 1000000) }}}}
            "
        ));
        let text = text.replace("1h", "1s");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let target = Scripted::new(move |asked| {
            let url = &asked.request.url;
            if let Some(query) = url.query() {
                let pair = (url.path().to_owned(), query.to_owned());
                log.lock().unwrap().push(pair);
            }
            Answer::new(200, "0123456789")
        });
        async move {
            Run::of(compile(&text), target).seed(seed).go().await;
            let asked = asked.lock().unwrap().clone();
            let (paths, numbers): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
            assert_eq!(paths.len(), 60);
            (paths, numbers)
        }
    };
    let (paths, numbers) = picks(1, r"\d").await;
    assert_eq!(picks(1, r"\d").await, (paths.clone(), numbers.clone()));
    let (others, same_numbers) = picks(1, "[0-4]").await;
    assert_ne!(others, paths);
    assert_eq!(
        same_numbers, numbers,
        "what an answer holds shifts no value"
    );
    let different: std::collections::BTreeSet<_> = paths.iter().collect();
    assert!(different.len() > 5, "{paths:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_promised_and_is_not_there_fails_the_request_with_what_is() {
    #[rustfmt::skip]
    let rows = [
        ("/",      "css: 'input.token'",            "`input.token` matched 0 elements; the page's title is `Posts`"),
        ("/",      "css: a, attr: id",              "the `a` that `a` matched has no attribute `id`"),
        ("/",      "css: a, pick: 3",               "`a` matched 2 elements, too few for `pick: 3`; the page's title is `Posts`"),
        ("/",      "regex: 'token=(.)'",            "`token=(.)` matched 0 times in the body; the page's title is `Posts`"),
        ("/",      "jsonpath: $.id",                "the body is not JSON (expected value at line 1 column 1); the page's title is `Posts`"),
        ("/items", "jsonpath: $.id",                "`$.id` matched 0 values; the JSON is a mapping with `items`, `next`"),
        ("/",      "header: Location",              "the answer has no header `location`; it has `content-type`, `x-request`"),
        ("/",      "cookie: session",               "the user has no cookie `session` for `http://target/`; it has none there"),
        ("/login", "cookie: csrf",                  "the user has no cookie `csrf` for `http://target/`; it has `session` there"),
        ("/",      "url: true, regex: '/(\\d+)/'",  "`/(\\d+)/` does not match `http://target/`, which the URL gave"),
    ];
    for (path, source, detail) in rows {
        let steps = format!("- get: {path}\n  extract: {{ x: {{ {source} }} }}\n");
        let expected = [format!("1 × extraction in GET {path}"), detail.to_owned()];
        assert_eq!(failures(&steps).await, expected, "{source}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_weighs_too_much_fails_even_where_it_may_be_missing() {
    let steps = "- get: /\n  extract: { all: { body: true, default: '' } }\n";
    let target = Scripted::new(|_| Answer::new(200, "x".repeat(2 << 20)));
    let record = Run::of(compile(&once(steps)), target).go().await;
    assert_eq!(
        record.failures[0].examples[0].detail,
        "the body gave more than 1 MiB, which is the most that a variable holds"
    );
}

#[tokio::test(start_paused = true)]
async fn every_expectation_that_holds_lets_the_request_pass() {
    let (record, _) = play(
        r"
        - get: /
          extract: { title: { css: h1 } }
        - get: /slow
          expect:
            status: 2xx
            final_path: /slow
            header: [x-request, { content-type: 'text/html; charset=utf-8' }]
            contains: '{{ title }}'
            matches: '/\d+/update'
            css: { 'article': 2, h1: All posts, 'article a': Edit, '.flash': 0 }
            absent: '.flash'
            size: 100..1kB
            within: 800ms
        - get: /items
          expect:
            header: { X-Request: '{{ response_id }}' }
            jsonpath: { '$.items[0]': { id: 7, ok: true }, '$..id': [7, 8], $.next: null }
            css: body
        "
        .replace("{{ response_id }}", "r1")
        .as_str(),
    )
    .await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(record.total.ok, 3);
}

#[tokio::test(start_paused = true)]
async fn every_expectation_that_is_broken_fails_the_request_and_says_what_came() {
    #[rustfmt::skip]
    let rows = [
        ("/",      "status: [201, 3xx]",            "expected status 201 or 3xx, got 200"),
        ("/login", "final_path: '/u{{ user.id }}'", "expected to end at `/u1`, ended at `/`"),
        ("/",      "header: etag",                  "the answer has no header `etag`; it has `content-type`, `x-request`"),
        ("/",      "header: { x-request: 'r{{ user.id + 1 }}' }", "the header `x-request` is `r1`, not `r2`"),
        ("/",      "contains: 'by {{ user.id }}'",  "the page does not contain `by 1`; the page's title is `Posts`"),
        ("/",      "matches: '\\d\\d'",             "`\\d\\d` matches nothing in the body; the page's title is `Posts`"),
        ("/",      "css: '.flash'",                 "`.flash` matched 0 elements; the page's title is `Posts`"),
        ("/",      "css: { article: 3 }",           "`article` matched 2 elements, not 3; the page's title is `Posts`"),
        ("/",      "css: { h1: Posts }",            "`h1` says `All posts`, not `Posts`"),
        ("/",      "absent: h1",                    "`h1` is there: `All posts`"),
        ("/items", "jsonpath: $.id",                "`$.id` matched 0 values; the JSON is a mapping with `items`, `next`"),
        ("/items", "jsonpath: { '$.items[1].id': '8' }", "`$.items[1].id` is `8`, not `\"8\"`"),
        ("/items", "size: 72B",                     "the body has 71 bytes, not 72B"),
        ("/slow",  "within: 799ms",                 "the answer took 800ms, longer than 799ms"),
    ];
    for (path, expectation, detail) in rows {
        let steps = format!("- get: {path}\n  expect: {{ {expectation} }}\n");
        let kind = if expectation.starts_with("status") {
            "status"
        } else {
            "expectation"
        };
        let expected = [format!("1 × {kind} in GET {path}"), detail.to_owned()];
        assert_eq!(failures(&steps).await, expected, "{expectation}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_broken_thing_in_the_fixed_order_is_the_only_failure() {
    // In the order of the reference, whatever the order in the plan.
    let broken = [
        ("within", "1ms", "the answer took 800ms"),
        ("size", "1B", "the body has"),
        ("jsonpath", "$.a", "the body is not JSON"),
        ("absent", "h1", "`h1` is there"),
        ("css", "'.b'", "`.b` matched 0"),
        ("matches", "'c{9}'", "`c{9}` matches nothing"),
        ("contains", "d-d", "the page does not contain"),
        ("header", "etag", "the answer has no header"),
        ("final_path", "/e", "expected to end at"),
        ("status", "500", "expected status 500"),
    ];
    for left in 1..=broken.len() {
        let expect: String = broken[..left]
            .iter()
            .map(|(key, value, _)| format!("    {key}: {value}\n"))
            .collect();
        let steps =
            format!("- get: /slow\n  expect:\n{expect}  extract: {{ x: {{ header: nothing }} }}\n");
        let told = failures(&steps).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[1].starts_with(broken[left - 1].2), "{told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn expectations_of_plan_class_and_request_are_merged_key_by_key() {
    let plan = "
        plan: 1
        target: http://target
        defaults:
          expect: { header: etag, css: nav, absent: h1, within: 1ms }
        users:
          one:
            wait: 1h
            defaults: { expect: { css: h1, within: 2s } }
            tasks: [walk]
        tasks:
          walk:
            - get: /slow
              expect: { header: x-request, absent: none }
            - get: /slow
              expect: { header: x-request }
        load: { users: 1, duration: 1m }
    ";
    let target = Scripted::new(|asked| answer(asked.request.url.path()));
    let record = Run::of(compile(plan), target).go().await;
    assert_eq!((record.total.ok, record.total.failed), (1, 1));
    assert_eq!(
        record.failures[0].examples[0].detail,
        "`h1` is there: `All posts`"
    );
}

#[tokio::test(start_paused = true)]
async fn a_thousand_different_messages_are_one_failure_of_one_row() {
    let plan = "
        plan: 1
        target: http://target
        users: { one: { wait: 1s, tasks: [walk] } }
        tasks:
          walk:
            - get: /posts/{{ iteration }}
              expect: { css: { h1: other } }
              on_fail: continue
            - get: /posts/{{ iteration }}
              extract: { x: { regex: 'x{{9}}' } }
        load: { users: 1, duration: 1m }
    "
    .replace("{{9}}", "{9}");
    let target = Scripted::new(|asked| {
        let path = asked.request.url.path();
        Answer::new(200, format!("<title>{path}</title><h1>{path}</h1>"))
    });
    let record = Run::of(compile(&plan), target).go().await;
    let told: Vec<_> = record
        .failures
        .iter()
        .map(|failure| (failure.count, failure.kind.code(), &*failure.name))
        .collect();
    assert_eq!(
        told,
        [
            (60, "expectation", "GET /posts/{iteration}"),
            (60, "extraction", "GET /posts/{iteration}"),
        ]
    );
}

#[test]
fn a_body_is_kept_only_where_something_reads_it() {
    #[rustfmt::skip]
    let rows = [
        ("",                                             BodyUse::Count),
        ("expect: { status: 200, final_path: / }",       BodyUse::Count),
        ("expect: { header: [a, { b: c }] }",            BodyUse::Count),
        ("expect: { size: 1kB.., within: 1s }",          BodyUse::Count),
        ("expect: { contains: a }",                      BodyUse::Keep),
        ("expect: { matches: a }",                       BodyUse::Keep),
        ("expect: { css: a }",                           BodyUse::Keep),
        ("expect: { absent: a }",                        BodyUse::Keep),
        ("expect: { absent: none }",                     BodyUse::Count),
        ("expect: { jsonpath: $ }",                      BodyUse::Keep),
        ("extract: { x: url, y: status }",               BodyUse::Count),
        ("extract: { x: { header: a }, y: { cookie: a } }", BodyUse::Count),
        ("extract: { x: body }",                         BodyUse::Keep),
        ("extract: { x: { css: a } }",                   BodyUse::Keep),
        ("extract: { x: { regex: a } }",                 BodyUse::Keep),
        ("extract: { x: { jsonpath: $ } }",              BodyUse::Keep),
    ];
    for (keys, body_use) in rows {
        let graph = compile(&once(&format!("- get: /\n  {keys}\n")));
        let [request] = &*graph.requests else {
            panic!("one request");
        };
        assert_eq!(request.body_use, body_use, "{keys}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_size_is_that_of_the_body_also_where_nobody_keeps_it() {
    let steps = "- get: /items\n  expect: { size: 71 }\n- head: /\n";
    let (record, _) = play(steps).await;
    assert_eq!(record.total.failed, 0, "{:?}", record.failures);
    assert_eq!(requests(&record, "GET /items"), 1);
}

const MISTAKES: &str = r#"error[P0202]: unclosed group
 --> plan.yaml:9:22
  |
9 |           matches: 'a(b'
  |                      ^ here

error[P0202]: `[` is not closed
  --> plan.yaml:10:29
   |
10 |           css: ['nav', { 'h1[': x }, { 'p': '{{ user.id }}' }]
   |                             ^ here

error[P0006]: `tasks.walk[0].expect.css[2].p` is not templated
  --> plan.yaml:10:46
   |
10 |           css: ['nav', { 'h1[': x }, { 'p': '{{ user.id }}' }]
   |                                              ^^^^^^^^^^^^^ the braces would stay
   |
   = help: only `contains`, `final_path` and `header` compare with templates

error[P0202]: the JSONPath cannot be understood from here on
  --> plan.yaml:11:26
   |
11 |           jsonpath: { $.a b: 1, id: 2, $.c: ['{{ iteration }}'] }
   |                          ^ here

error[P0202]: a JSONPath begins with `$`
  --> plan.yaml:11:33
   |
11 |           jsonpath: { $.a b: 1, id: 2, $.c: ['{{ iteration }}'] }
   |                                 ^^ here

error[P0006]: `tasks.walk[0].expect.jsonpath.$.c` is not templated
  --> plan.yaml:11:47
   |
11 |           jsonpath: { $.a b: 1, id: 2, $.c: ['{{ iteration }}'] }
   |                                               ^^^^^^^^^^^^^^^ the braces would stay
   |
   = help: only `contains`, `final_path` and `header` compare with templates

error[P0006]: `x y` cannot be the name of a header
  --> plan.yaml:12:21
   |
12 |           header: { 'x y': 1, etag: a, ETag: b }
   |                     ^^^^^ only letters, digits and `-`

error[P0005]: `ETag` is there twice
  --> plan.yaml:12:40
   |
12 |           header: { 'x y': 1, etag: a, ETag: b }
   |                               ----     ^^^^ again here
   |                               |
   |                               first here

error[P0006]: `tasks.walk[0].expect.size`: `2kB..1kB` is not a size
  --> plan.yaml:13:17
   |
13 |           size: 2kB..1kB
   |                 ^^^^^^^^ a range goes from the smaller size to the larger
   |
   = help: valid are 512, 2kB, 1kB..2MB, ..2MB, 1kB..

error[P0006]: `tasks.walk[0].expect.within`: `500` is not a duration
  --> plan.yaml:14:19
   |
14 |           within: 500
   |                   ^^^ every number of a duration needs a unit: ms, s, m, h or d
   |
   = help: write `500s` for seconds, or with another unit: 500ms, 7s, 1m, 1h20m, 72h, 3d

error[P0009]: `css` and `jsonpath` exclude each other
  --> plan.yaml:17:24
   |
17 |           a: { css: a, jsonpath: $.a }
   |                ---     ^^^^^^^^ an extraction has one of them
   |                |
   |                the other one is here

error[P0009]: `attr` means nothing without `css`
  --> plan.yaml:18:30
   |
18 |           b: { header: etag, attr: href }
   |                              ^^^^ an attribute of which element?

error[P0009]: `pick` has nothing to choose from
  --> plan.yaml:19:30
   |
19 |           c: { status: true, pick: 2 }
   |                ------        ^^^^ one of several
   |                |
   |                the status is one value
   |
   = help: leave `pick` out

error[P0006]: `tasks.walk[1].extract.d.pick` should be at least 1, not 0
  --> plan.yaml:20:30
   |
20 |           d: { css: a, pick: 0 }
   |                              ^ at least 1

error[P0009]: `optional` and `default` exclude each other
  --> plan.yaml:21:40
   |
21 |           e: { css: a, optional: true, default: 1 }
   |                        --------        ^^^^^^^ an extraction has one of them
   |                        |
   |                        the other one is here

error[P0003]: `tasks.walk[1].extract.f.url` should be `true`, not the text `/x`
  --> plan.yaml:22:21
   |
22 |           f: { url: /x }
   |                     ^^ expected `true`
   |
   = help: a pattern for it goes beside it, as `regex`

error[P0006]: `tasks.walk[1].extract.g` comes from nowhere that is known
  --> plan.yaml:23:14
   |
23 |           g: statsu
   |              ^^^^^^ no source of values
   |
   = help: did you mean `status`?

error[P0006]: `tasks.walk[1].extract.h.default` is not templated
  --> plan.yaml:24:34
   |
24 |           h: { css: a, default: '{{ user.id }}' }
   |                                  ^^^^^^^^^^^^^ the braces would stay
   |
   = help: write `optional: true` here, and `{{ name | default(…) }}` where it is read

error[P0009]: `pick` has nothing to choose from
  --> plan.yaml:25:28
   |
25 |           i: { body: true, pick: all }
   |                ----        ^^^^ one of several
   |                |
   |                the body is one value
   |
   = help: `regex` alone looks through the body, and can pick

error[P0202]: invalid character class range, the start must be <= the end
  --> plan.yaml:26:33
   |
26 |           j: { css: a, regex: '[z-a]' }
   |                                 ^^^ here

error[P0202]: the JSONPath cannot be understood from here on
  --> plan.yaml:27:30
   |
27 |           k: { jsonpath: '$.a[' }
   |                              ^ here

21 errors in plan.yaml
"#;

#[test]
fn mistakes_in_answers_are_shown_where_they_are() {
    let plan = once(
        r#"
        - get: /
          expect:
            matches: 'a(b'
            css: ['nav', { 'h1[': x }, { 'p': '{{ user.id }}' }]
            jsonpath: { $.a b: 1, id: 2, $.c: ['{{ iteration }}'] }
            header: { 'x y': 1, etag: a, ETag: b }
            size: 2kB..1kB
            within: 500
        - get: /
          extract:
            a: { css: a, jsonpath: $.a }
            b: { header: etag, attr: href }
            c: { status: true, pick: 2 }
            d: { css: a, pick: 0 }
            e: { css: a, optional: true, default: 1 }
            f: { url: /x }
            g: statsu
            h: { css: a, default: '{{ user.id }}' }
            i: { body: true, pick: all }
            j: { css: a, regex: '[z-a]' }
            k: { jsonpath: '$.a[' }
        "#,
    );
    assert_eq!(mistakes(&plan), MISTAKES);
}

#[test]
fn what_cannot_be_templated_says_so() {
    let plan = once(
        r#"
        - get: /
          expect: { css: [href], absent: 'a[href="/{{ user.id }}"]' }
          extract:
            a: { regex: 'id={{ user.id }}' }
            b: { jsonpath: "$['{{ user.class }}']" }
            c: { regex: '[{{](\w+)[}}]' }
        "#,
    );
    assert_eq!(
        mistakes(&plan),
        r#"error[P0003]: `tasks.walk[0].expect.css` should be a selector in quotes, not a list
 --> plan.yaml:8:24
  |
8 |         expect: { css: [href], absent: 'a[href="/{{ user.id }}"]' }
  |                        ^^^^^^ expected a selector in quotes
  |
  = help: if it is the selector, write `'[href]'`; if not, leave the brackets out

error[P0202]: a selector is not templated
 --> plan.yaml:8:50
  |
8 |         expect: { css: [href], absent: 'a[href="/{{ user.id }}"]' }
  |                                                  ^^^^^^^^^^^^^ the braces would stay
  |
  = help: selectors, regexes and JSONPaths are the same for every user

error[P0202]: a regex is not templated
  --> plan.yaml:10:27
   |
10 |           a: { regex: 'id={{ user.id }}' }
   |                           ^^^^^^^^^^^^^ the braces would stay
   |
   = help: selectors, regexes and JSONPaths are the same for every user

error[P0202]: a JSONPath is not templated
  --> plan.yaml:11:30
   |
11 |           b: { jsonpath: "$['{{ user.class }}']" }
   |                              ^^^^^^^^^^^^^^^^ the braces would stay
   |
   = help: selectors, regexes and JSONPaths are the same for every user

4 errors in plan.yaml
"#
    );
}

#[test]
fn what_is_optional_has_to_be_guarded() {
    let plan = once(
        "
        - get: /
          extract: { token: { css: h1 }, page: { css: p, default: 1 } }
        - get: /{{ token }}/{{ page }}
          extract: { token: { css: 'input', optional: true } }
        - get: /{{ token | default('x') }}
        - get: /{{ token }}
          when: token is defined
        - get: /{{ token }}
        ",
    );
    assert_eq!(
        mistakes(&plan),
        r#"error[P0301]: `token` may be missing when it is read
  --> plan.yaml:14:18
   |
10 |         extract: { token: { css: 'input', optional: true } }
   |                    ----- extracted here, if the answer has it
...
14 |       - get: /{{ token }}
   |                  ^^^^^ users of `one` may come here without it
   |
   = help: give it a `default` in place of `optional`, or guard the step by `when: token is defined`

1 error in plan.yaml
"#
    );
}
