//! The forms of a real application, sent by a plan.

use std::{fs, process::Command};

use crate::support::{browser::Browser, flaskr::Flaskr};

/// Joins, writes two posts, edits the first and deletes the second, with forms alone.
const PLAN: &str = r#"
plan: 1
users:
  author:
    wait: none
    sequence: [join, write, edit, write, delete]
tasks:
  join:
    - get: /auth/register
    - submit: form
      fields: { username: ann, password: secret }
      expect: { final_path: /auth/login }
    - submit: form
      fields: { username: ann, password: secret }
      expect: { final_path: / }
  write:
    - get: /create
    - submit: form
      fields: { title: first title, body: "two\nlines & more" }
      expect: { final_path: / }
  edit:
    - get: /1/update
    - submit: 'form:not([action])'
      fields: { title: edited title }
      expect: { final_path: / }
  delete:
    - get: /2/update
    - submit: 'form:nth-of-type(2)'
      redirects: none
      expect: { status: [302, 303], header: { location: / } }
load: { users: 1, per_user: 1 }
thresholds: [errors <= 0%]
"#;

#[test]
fn submit_logs_in_to_the_real_flaskr_and_writes_edits_and_deletes_a_post() {
    let Some(real) = Flaskr::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("forms.yaml");
    fs::write(&file, PLAN).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["run", "--no-archive"])
        .arg(&file)
        .args(["--quiet", "--target", &real.url()])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{report}{told}");

    assert_eq!((real.users_count(), real.posts_count()), (1, 1), "{report}");
    let page = Browser::of(real.address).get("/").body;
    for text in ["edited title", "two\r\nlines &amp; more", "by ann"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let log = real.log();
    assert!(log.contains("\"POST /2/delete HTTP/1.1\" 302"), "{log}");
}
