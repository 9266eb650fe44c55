//! `tls` of a plan, from its file to the report: through the command line, against
//! a server that shows what it is told to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod certified;
mod shell;

use certified::{Authority, Clients, HERE, Leaf, Server, Valid, Version};
use serde_json::{Value, json};
use shell::{Ended, Folder};

/// A plan of one request by each of two users, one of each class.
fn plan(defaults: &str, careless: &str) -> String {
    format!(
        "plan: 1
name: over tls
defaults: {defaults}
users:
  careful: {{ wait: none, sequence: [{{ get: /in }}] }}
  careless: {{ wait: none, defaults: {careless}, sequence: [{{ get: /out }}] }}
load: {{ users: 2, per_user: 1 }}
"
    )
}

/// What a run tells on stdout, and its summary.
fn run(folder: &Folder, server: &Server, environment: &[(&str, &str)]) -> (String, Value) {
    let target = server.url();
    let args = ["run", "plan.yaml", "--quiet", "--target", target.as_str()];
    let ended = folder.plan_where(environment, &[&args[..], &["--json", "s.json"]].concat());
    assert_eq!(ended.stderr, "");
    (
        ended.stdout,
        serde_json::from_str(&folder.text("s.json")).unwrap(),
    )
}

/// Requests that went well and that failed.
fn counts(summary: &Value) -> (u64, u64) {
    let count = |what: &str| summary["total"][what].as_u64().unwrap();
    (count("ok"), count("failed"))
}

/// Names, kinds and texts of failures, without the server's place.
fn failures(summary: &Value, server: &Server) -> Vec<String> {
    let failures = summary["failures"].as_array().unwrap().iter();
    let told = failures.map(|failure| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let detail = text(&failure["examples"][0]["detail"]).replace(&server.place(), "PLACE");
        format!(
            "{}: {}: {detail}",
            text(&failure["name"]),
            text(&failure["kind"])
        )
    });
    told.collect()
}

/// The lines of a report's head about the target and TLS.
fn head(report: &str, server: &Server) -> String {
    let report = report.replace(&server.place(), "PLACE");
    let lines = report.lines().skip(1);
    let head: Vec<_> = lines
        .take_while(|line| !line.starts_with("  run  "))
        .collect();
    head.join("\n")
}

#[test]
fn a_plan_trusts_its_own_authority() {
    let authority = Authority::new("root");
    let server = Server::start(&authority.sign(HERE, Valid::Now));
    let folder = Folder::new()
        .file("certificates/root.pem", &authority.pem)
        .file(
            "plan.yaml",
            plan("{ tls: { ca: certificates/root.pem } }", "{}"),
        );
    let (report, summary) = run(&folder, &server, &[]);
    assert_eq!(counts(&summary), (2, 0), "{report}");
    assert_eq!(summary["insecure"], json!([]));
    assert_eq!(head(&report, &server), "  target   https://PLACE/");
}

#[test]
fn what_nobody_verified_stands_in_the_report() {
    let stranger = Authority::new("stranger").sign(&["other.test"], Valid::NoLonger);
    let server = Server::start(&stranger);
    let whole = "{ tls: { insecure: true } }";
    let folder = Folder::new().file("plan.yaml", plan(whole, "{}"));
    let (report, summary) = run(&folder, &server, &[]);
    assert_eq!(counts(&summary), (2, 0), "{report}");
    assert_eq!(summary["insecure"], json!(["careful", "careless"]));
    assert_eq!(
        head(&report, &server),
        "  target   https://PLACE/\n  tls      certificates were not verified (insecure)"
    );
}

#[test]
fn a_class_has_tls_of_its_own_key_by_key() {
    let authority = Authority::new("root");
    let stranger = Authority::new("stranger").sign(HERE, Valid::Now);
    let server = Server::start(&stranger);
    let folder = Folder::new().file("root.pem", &authority.pem).file(
        "plan.yaml",
        plan("{ tls: { ca: root.pem } }", "{ tls: { insecure: true } }"),
    );
    let (report, summary) = run(&folder, &server, &[]);
    assert_eq!(counts(&summary), (1, 1), "{report}");
    assert_eq!(
        failures(&summary, &server),
        [
            "GET /in: tls_unknown_authority: the certificate of PLACE is signed by an unknown authority"
        ]
    );
    assert_eq!(summary["insecure"], json!(["careless"]));
    assert_eq!(
        head(&report, &server),
        "  target   https://PLACE/\n  tls      certificates were not verified by careless (insecure)"
    );

    // And back: what the plan switches off, a class can switch on.
    let back = plan(
        "{ tls: { insecure: true } }",
        "{ tls: { insecure: false, ca: root.pem } }",
    );
    let folder = folder.file("plan.yaml", back);
    let (_, summary) = run(&folder, &server, &[]);
    assert_eq!(summary["insecure"], json!(["careful"]));
    assert_eq!(summary["failures"][0]["name"], "GET /out");
}

#[test]
fn a_plan_shows_a_certificate_to_servers_that_ask() {
    let authority = Authority::new("root");
    let clients = Clients::SignedBy(&authority);
    let leaf = authority.sign(HERE, Valid::Now);
    let Leaf { pem, key_pem } = authority.sign(&["ada"], Valid::Now);
    // In 1.2 a server says no before anything is sent, so there is one thing to see.
    let server = Server::picky(&leaf, &clients, Version::Tls12);
    let folder = Folder::new()
        .file("root.pem", &authority.pem)
        .file("ada.pem", &pem)
        .file("ada.key", &key_pem)
        .file(
            "plan.yaml",
            plan(
                "{ tls: { ca: root.pem, cert: ada.pem, key: ada.key } }",
                "{}",
            ),
        );
    let (report, summary) = run(&folder, &server, &[]);
    assert_eq!(counts(&summary), (2, 0), "{report}");
    let secret = key_pem.lines().nth(1).unwrap();
    assert!(!report.contains(secret) && !summary.to_string().contains(secret));

    let folder = folder.file("plan.yaml", plan("{ tls: { ca: root.pem } }", "{}"));
    let (report, summary) = run(&folder, &server, &[]);
    assert_eq!(counts(&summary), (0, 2), "{report}");
    let none = "tls: PLACE asks for a client certificate, and the plan gives none";
    assert_eq!(
        failures(&summary, &server),
        [format!("GET /in: {none}"), format!("GET /out: {none}")]
    );
}

/// Where a plan says nothing, the machine's authorities hold: here, those of a file.
/// Other systems ask a service, which no test may change.
#[cfg(target_os = "linux")]
#[test]
fn what_the_machine_says_of_certificates_has_the_same_kinds() {
    let (known, unknown) = (Authority::new("known"), Authority::new("unknown"));
    let folder = Folder::new()
        .file("machine.pem", &known.pem)
        .file("nobody.pem", "")
        .file("plan.yaml", plan("{}", "{}"));
    let machine = folder.path("machine.pem");
    #[rustfmt::skip]
    let rows = [
        (known.sign(HERE, Valid::Now), None),
        (unknown.sign(HERE, Valid::Now), Some("tls_unknown_authority: the certificate of PLACE is signed by an unknown authority")),
        (certified::self_signed(certified::ca(), HERE, Valid::Now),
            Some("tls_unknown_authority: the certificate of PLACE is signed by itself, an unknown authority")),
        (known.sign(&["other.test"], Valid::Now), Some("tls_wrong_host: the certificate of PLACE is for another host: other.test")),
        (known.sign(HERE, Valid::NoLonger), Some("tls_expired: the certificate of PLACE has expired")),
        (known.sign(HERE, Valid::NotYet), Some("tls_expired: the certificate of PLACE is not valid yet")),
    ];
    for (leaf, told) in rows {
        let server = Server::start(&leaf);
        let (report, summary) = run(&folder, &server, &[("SSL_CERT_FILE", &machine)]);
        match told {
            None => assert_eq!(counts(&summary), (2, 0), "{report}"),
            Some(told) => assert_eq!(
                failures(&summary, &server),
                [format!("GET /in: {told}"), format!("GET /out: {told}")]
            ),
        }
    }
}

/// A plan's own authorities hold whatever the machine has, which may be none.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_that_trusts_nobody() {
    let authority = Authority::new("root");
    let server = Server::start(&authority.sign(HERE, Valid::Now));
    let folder = Folder::new()
        .file("nobody.pem", "")
        .file("root.pem", &authority.pem)
        .file("plan.yaml", plan("{}", "{ tls: { ca: root.pem } }"));
    let nobody = folder.path("nobody.pem");
    let (report, summary) = run(&folder, &server, &[("SSL_CERT_FILE", &nobody)]);
    assert_eq!(counts(&summary), (1, 1), "{report}");
    assert_eq!(
        failures(&summary, &server),
        [
            "GET /in: tls: this machine trusts no certificate authority, so no server: \
          No CA certificates were loaded from the system"
        ]
    );
}

const WRONG_FILES: &str = "\
plan: 1
defaults:
  tls: { ca: rot.pem, cert: ada.pem, key: bob.key }
users:
  a: { wait: 1s, defaults: { tls: { ca: bob.key } }, sequence: [{ get: / }] }
  b: { wait: 1s, defaults: { tls: { ca: ../above.pem } }, sequence: [{ get: / }] }
  c: { wait: 1s, defaults: { tls: { ca: der.pem } }, sequence: [{ get: / }] }
  d: { wait: 1s, defaults: { tls: { key: ada.pem } }, sequence: [{ get: / }] }
  e: { wait: 1s, defaults: { tls: { key: locked.key } }, sequence: [{ get: / }] }
load: { users: 5, duration: 1m }
";

const TOLD_OF_THEM: &str = "\
error[P0208]: cannot read `plans/rot.pem`: No such file or directory (os error 2)
 --> plans/plan.yaml:3:14
  |
3 |   tls: { ca: rot.pem, cert: ada.pem, key: bob.key }
  |              ^^^^^^^ named here
  |
  = help: a PEM file is text; paths are relative to the file that names them

error[P0208]: the private key in `bob.key` is not that of the certificate in `ada.pem`
 --> plans/plan.yaml:3:43
  |
3 |   tls: { ca: rot.pem, cert: ada.pem, key: bob.key }
  |                             -------       ^^^^^^^ the key
  |                             |
  |                             the certificate
  |
  = help: one's own certificate is the first in its file; those of authorities follow it

error[P0208]: `bob.key`: there is no certificate in it
 --> plans/plan.yaml:5:41
  |
5 |   a: { wait: 1s, defaults: { tls: { ca: bob.key } }, sequence: [{ get: / }] }
  |                                         ^^^^^^^ named here
  |
  = help: a certificate begins with a line `-----BEGIN CERTIFICATE-----`

error[P0208]: cannot read `above.pem`: a plan reads only files below its own folder `plans`
 --> plans/plan.yaml:6:41
  |
6 |   b: { wait: 1s, defaults: { tls: { ca: ../above.pem } }, sequence: [{ get: / }] }
  |                                         ^^^^^^^^^^^^ named here
  |
  = help: a PEM file is text; paths are relative to the file that names them

error[P0208]: cannot read `plans/der.pem`: it is not a text file
 --> plans/plan.yaml:7:41
  |
7 |   c: { wait: 1s, defaults: { tls: { ca: der.pem } }, sequence: [{ get: / }] }
  |                                         ^^^^^^^ named here
  |
  = help: a PEM file is text; paths are relative to the file that names them

error[P0208]: `ada.pem`: there is no private key in it
 --> plans/plan.yaml:8:42
  |
8 |   d: { wait: 1s, defaults: { tls: { key: ada.pem } }, sequence: [{ get: / }] }
  |                                          ^^^^^^^ named here
  |
  = help: a private key begins with a line `-----BEGIN PRIVATE KEY-----`, or one that names its kind

error[P0208]: `locked.key`: its private key is encrypted
 --> plans/plan.yaml:9:42
  |
9 |   e: { wait: 1s, defaults: { tls: { key: locked.key } }, sequence: [{ get: / }] }
  |                                          ^^^^^^^^^^ named here
  |
  = help: a run has nobody to ask for the password: write the key without one, with `openssl pkey`

7 errors in plans/plan.yaml
more on this: plan explain P0208
";

#[test]
fn the_files_are_read_and_held_against_each_other_by_validate() {
    let authority = Authority::new("root");
    let (ada, bob) = (
        authority.sign(&["ada"], Valid::Now),
        authority.sign(&["bob"], Valid::Now),
    );
    let locked = ada.key_pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let folder = Folder::new()
        .file("plans/root.pem", &authority.pem)
        .file("plans/ada.pem", &ada.pem)
        .file("plans/bob.key", &bob.key_pem)
        .file("plans/locked.key", locked)
        .file("plans/der.pem", [0x30, 0x82, 0x00, 0xff])
        .file("above.pem", &authority.pem)
        .file("plans/plan.yaml", WRONG_FILES);
    folder
        .plan(&["validate", "plans/plan.yaml"])
        .stderr(TOLD_OF_THEM)
        .exit(2);
}

/// Once, however many classes it holds for.
#[test]
fn neither_a_certificate_nor_its_key_goes_alone() {
    #[rustfmt::skip]
    let rows = [
        ("{ tls: { cert: a.pem } }", "{}", "\
error[P0208]: `cert` goes with a `key`, and there is none
 --> plan.yaml:3:26
  |
3 | defaults: { tls: { cert: a.pem } }
  |                          ^^^^^ this one is alone
  |
  = help: add `key:`; a file that holds both is named by both
"),
        ("{}", "{ tls: { key: a.pem } }", "\
error[P0208]: `key` goes with a `cert`, and there is none
 --> plan.yaml:6:51
  |
6 |   careless: { wait: none, defaults: { tls: { key: a.pem } }, sequence: [{ get: /out }] }
  |                                                   ^^^^^ this one is alone
  |
  = help: add `cert:`; a file that holds both is named by both
"),
        ("{ tls: { cert: a.pem, key: a.pem } }", "{ tls: { cert: a.pem } }", ""),
        ("{ tls: { insecure: true } }", "{ tls: { insecure: false, ca: a.pem } }", ""),
        ("{ tls: { ca: a.pem } }", "{ tls: { insecure: true } }", ""),
        ("{ tls: { insecure: true, ca: a.pem } }", "{}", "\
error[P0009]: `ca` means nothing beside `insecure: true`, which trusts everyone
 --> plan.yaml:3:40
  |
3 | defaults: { tls: { insecure: true, ca: a.pem } }
  |                              ----      ^^^^^ these authorities would not be asked
  |                              |
  |                              since nothing is verified
  |
  = help: leave one of them out
"),
        ("{ tls: { insecure: true } }", "{ tls: { ca: a.pem } }", "\
error[P0009]: `ca` means nothing beside `insecure: true`, which trusts everyone
 --> plan.yaml:6:50
  |
3 | defaults: { tls: { insecure: true } }
  |                              ---- since nothing is verified
...
6 |   careless: { wait: none, defaults: { tls: { ca: a.pem } }, sequence: [{ get: /out }] }
  |                                                  ^^^^^ these authorities would not be asked
  |
  = help: write `insecure: false` beside it to verify here
"),
    ];
    let Leaf { pem, key_pem } = Authority::new("root").sign(&["ada"], Valid::Now);
    let both = pem + &key_pem;
    for (defaults, class, told) in rows {
        let folder = Folder::new().file("a.pem", &both);
        let folder = folder.file("plan.yaml", plan(defaults, class));
        let stderr = folder.plan(&["validate", "plan.yaml"]).stderr;
        let (found, end) = stderr.split_once("\n1 error in").unwrap_or((&stderr, ""));
        assert_eq!(
            (found, end.is_empty()),
            (told, told.is_empty()),
            "{defaults}, {class}"
        );
    }
}

#[test]
fn explain_and_show_say_what_holds() {
    let authority = Authority::new("root");
    let folder = Folder::new().file("root.pem", &authority.pem).file(
        "plan.yaml",
        plan(
            "{ tls: { insecure: true } }",
            "{ tls: { insecure: false, ca: ./root.pem } }",
        ),
    );
    let Ended { stdout, .. } = folder.plan(&["validate", "--explain", "plan.yaml"]);
    let told = "\n  load     2 users, 1 iteration each\n  tls      certificates are not verified \
                by careful (insecure)\n  assumed  ";
    assert!(stdout.contains(told), "{stdout}");

    let Ended { stdout, .. } = folder.plan(&["show", "--format", "json", "plan.yaml"]);
    let shown: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(shown["defaults"]["tls"], json!({ "insecure": true }));
    let class = &shown["users"]["careless"]["defaults"]["tls"];
    assert_eq!(*class, json!({ "insecure": false, "ca": "root.pem" }));
}
