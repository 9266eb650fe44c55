//! Files and fields in parts, files as bodies, and lists: what plans send, and what is
//! said where they cannot.

use std::{fs, sync::Arc};

use plan::{
    exchange::{Body, BodyUse, Piece, Request},
    plan::parse,
    protocol::scripted::{Answer, Scripted},
    source::{Diagnostics, FolderLoader, MemoryLoader, Sources, read},
};

use super::wire::{Sent, plan, send_with};
use crate::running::{Run, compile, compile_with, mistakes_with};

fn files() -> MemoryLoader {
    MemoryLoader::new()
        .with("photo.png", "not really\n")
        .with("data/rows.csv", "a,b\r\n1,2\n")
        .with("empty", "")
}

#[tokio::test(start_paused = true)]
async fn fields_and_files_are_sent_in_parts() {
    let steps = "
        - post: /upload
          multipart:
            title: 'ł {{ user.id }}'
            lines: \"one\\ntwo\"
            tag: [a, 007]
            photo: { file: photo.png }
            rows:
              - { file: data/rows.csv, type: text/x-rows, filename: 'rows \"{{ user.id }}\".csv' }
              - { file: empty }
            last: ''
        ";
    let (sent, _) = send_with(steps, "", files(), |_| Answer::new(200, "")).await;
    assert_eq!(
        sent[0].text().replace("\r\n", "\n"),
        "POST /upload
multipart/form-data; boundary=BOUNDARY
--BOUNDARY
Content-Disposition: form-data; name=\"title\"

ł 1
--BOUNDARY
Content-Disposition: form-data; name=\"lines\"

one
two
--BOUNDARY
Content-Disposition: form-data; name=\"tag\"

a
--BOUNDARY
Content-Disposition: form-data; name=\"tag\"

007
--BOUNDARY
Content-Disposition: form-data; name=\"photo\"; filename=\"photo.png\"
Content-Type: image/png

not really

--BOUNDARY
Content-Disposition: form-data; name=\"rows\"; filename=\"rows %221%22.csv\"
Content-Type: text/x-rows

a,b
1,2

--BOUNDARY
Content-Disposition: form-data; name=\"rows\"; filename=\"empty\"
Content-Type: application/octet-stream


--BOUNDARY
Content-Disposition: form-data; name=\"last\"


--BOUNDARY--
"
    );
    assert!(sent[0].body.windows(4).any(|bytes| bytes == b"\r\n\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_file_is_sent_as_it_is_and_lists_are_fields_of_one_name() {
    let steps = "
        - put: /rows
          body_file: data/rows.csv
          query: { tag: [a, 'b c'], x: [], y: 1 }
        - post: /rows
          body_file: data/rows.csv
          headers: { Content-Type: text/plain }
        - post: /form
          form: { tag: [a, '{{ user.id }}'], y: '' }
        ";
    let (sent, _) = send_with(steps, "", files(), |_| Answer::new(200, "")).await;
    let sent: Vec<_> = sent.iter().map(Sent::text).collect();
    assert_eq!(
        sent,
        [
            "PUT /rows?tag=a&tag=b+c&y=1\ntext/csv\na,b\r\n1,2\n",
            "POST /rows\ntext/plain\na,b\r\n1,2\n",
            "POST /form\napplication/x-www-form-urlencoded\ntag=a&tag=1&y=",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_form_of_a_page_takes_files() {
    let page =
        "<form method=post enctype=multipart/form-data action=/up><input type=file name=f></form>";
    let steps = "- get: /\n- submit: form\n  fields: { f: { file: photo.png, filename: a.png } }";
    let (sent, _) = send_with(steps, "", files(), move |_| super::wire::html(page)).await;
    let body = String::from_utf8_lossy(&sent[1].body);
    assert!(
        body.contains(
            "name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nnot really\n\r\n"
        ),
        "{body}"
    );
}

/// Two requests, two users, one file: each of them holds the same bytes.
#[tokio::test(start_paused = true)]
async fn a_file_is_in_memory_once() {
    let (seen, held) = std::sync::mpsc::channel();
    let target = Scripted::new(move |asked| {
        seen.send(shared(asked.request)).unwrap();
        Answer::new(200, "")
    });
    let text = plan(
        "- put: /a\n  body_file: photo.png\n- post: /b\n  multipart: { f: { file: ./photo.png }, n: '{{ user.id }}' }",
        "",
    )
    .replace("users: 1,", "users: 2,");
    Run::of(compile_with(&text, files()), target).go().await;
    let all: Vec<_> = held.try_iter().collect();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|one| Arc::ptr_eq(one, &all[0])));
}

fn shared(request: &Request) -> Arc<[u8]> {
    assert_eq!(request.body_use, BodyUse::Count);
    let rest = request.body.as_ref().unwrap().rest.iter();
    let mut shared = rest.filter_map(|piece| match piece {
        Piece::Shared(bytes) => Some(Arc::clone(bytes)),
        Piece::Own(_) => None,
    });
    shared.next().unwrap()
}

#[test]
fn a_body_is_its_pieces() {
    let mut body = Body::new(Some("text/plain"), "a");
    body.rest = vec![
        Piece::Shared(b"bc".to_vec().into()),
        Piece::Own(b"d".to_vec()),
    ];
    assert_eq!((body.size_bytes(), body.to_vec()), (4, b"abcd".to_vec()));
}

#[test]
fn what_is_wrong_with_files_is_told_with_its_place() {
    let rows = [
        ("body_file: phto.png", "P0221", "cannot read `phto.png`: "),
        (
            "multipart: { f: { file: gone } }",
            "P0221",
            "cannot read `gone`: ",
        ),
        (
            "multipart: { f: { path: photo.png } }",
            "P0002",
            "it is called `file`",
        ),
        (
            "multipart: { f: { file: photo.png, type: png } }",
            "P0006",
            "`png` is not the type of a file",
        ),
        (
            "multipart: { f: { type: image/png } }",
            "P0004",
            "`tasks.all[0].multipart.f.file` is missing",
        ),
        ("multipart: { f: [[a]] }", "P0003", "a text"),
        ("multipart: { f: null }", "P0003", "for an empty text"),
        (
            "multipart: { f: a }\n  form: { a: 1 }",
            "P0009",
            "exclude each other",
        ),
        (
            "body_file: photo.png\n  json: 1",
            "P0009",
            "exclude each other",
        ),
        ("form: { a: [1, null] }", "P0003", "for an empty text"),
        ("query: { a: { b: 1 } }", "P0003", "a text"),
        ("file: photo.png", "P0002", "it is called `body_file`"),
    ];
    for (keys, code, words) in rows {
        let text = plan(&format!("- post: /\n  {keys}"), "");
        let told = mistakes_with(&text, files());
        assert!(
            told.contains(code) && told.contains(words),
            "{keys}\n{told}"
        );
    }
}

#[test]
fn a_plan_sends_no_file_from_above_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "s").unwrap();
    let inner = folder.path().join("plans");
    fs::create_dir(&inner).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret", inner.join("link")).unwrap();
    fs::write(inner.join("big"), vec![0_u8; (64 << 20) + 1]).unwrap();
    let rows = [
        ("../secret", "a plan reads only files below its own folder"),
        (
            "/etc/hostname",
            "a plan reads only files below its own folder",
        ),
        ("link", "a plan reads only files below its own folder"),
        ("big", "it has more than 67108864 bytes"),
    ];
    for (file, words) in rows {
        let path = inner.join("plan.yaml");
        fs::write(&path, plan(&format!("- put: /\n  body_file: {file}"), "")).unwrap();
        let mut sources = Sources::new(read(&path).unwrap());
        let mut loader = FolderLoader::beside(&path);
        let mut found = Diagnostics::new();
        let parsed = parse(&mut sources, &mut loader, &mut found).unwrap();
        let checked = plan::plan::check(parsed, &mut found);
        let graph = plan::graph::compile(&checked, &sources, &mut loader, &mut found);
        assert!(graph.is_none());
        let told: Vec<String> = found
            .sorted()
            .into_iter()
            .map(|one| one.message.clone())
            .collect();
        assert!(
            told.len() == 1 && told[0].contains(words),
            "{file}: {told:?}"
        );
    }
}

#[test]
fn several_targets_are_named_with_their_hosts() {
    let graph = compile(&plan(
        "- get: /here\n- get: http://target/same\n- get: https://cdn.test:8443/a?b\n- post: 'http://{{ user.id }}.test/x'",
        "",
    ));
    let mut rows: Vec<_> = graph.rows.iter().map(|row| &**row).collect();
    rows.sort_unstable();
    assert_eq!(
        rows,
        [
            "GET /here",
            "GET /same",
            "GET cdn.test:8443/a",
            "POST {user.id}.test/x"
        ]
    );
}
