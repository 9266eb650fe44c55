//! The demo and the real flaskr, asked the same.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    fs,
    net::SocketAddr,
    process::Command,
    sync::Mutex,
    thread,
    time::{Duration, SystemTime},
};

use support::{
    browser::{Answer, Browser},
    demo::Demo,
    flaskr::Flaskr,
    outline::outline,
};

/// Each of these tests wants the machine for itself.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn the_demo_answers_as_the_real_flaskr_does() {
    let _alone = ONE_AT_A_TIME.lock();
    let Some(real) = Flaskr::start() else { return };
    let demo = Demo::start();

    let expected = conversation(real.address);
    let found = conversation(demo.address);

    assert_eq!(expected.len(), found.len());
    for ((what, expected), (_, found)) in expected.iter().zip(&found) {
        if let Some(difference) = difference(&outline(expected), &outline(found)) {
            panic!("{what}\n{difference}");
        }
    }
    assert_eq!((real.users_count(), real.posts_count()), (3, 2));
    let counts = Browser::of(demo.address).get("/__counts").body;
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    assert_eq!(counts["total"], expected.len());
    assert_eq!((&counts["users"], &counts["posts"]), (&3.into(), &2.into()));
}

#[test]
fn posts_of_one_second_are_listed_oldest_first_as_the_real_database_does() {
    let _alone = ONE_AT_A_TIME.lock();
    let Some(real) = Flaskr::start() else { return };
    let demo = Demo::start();
    for address in [real.address, demo.address] {
        let mut ann = Browser::of(address);
        ann.post("/auth/register", &[("username", "ann"), ("password", "a")]);
        ann.post("/auth/login", &[("username", "ann"), ("password", "a")]);
        // On a busy machine the three may miss their second: then they try again.
        let listed = (0..10)
            .find_map(|_| three_in_a_second(&mut ann))
            .expect("three posts within one second");
        assert_eq!(listed, ["first", "second", "third"], "{address}");
    }
}

#[test]
fn the_flagship_leaves_only_users_behind() {
    let _alone = ONE_AT_A_TIME.lock();
    let Some(real) = Flaskr::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args([
            "run",
            "plans/flaskr_endurance.yaml",
            "--quiet",
            "--no-archive",
        ])
        .args([
            "--target",
            &real.url(),
            "--users",
            "20",
            "--wait-scale",
            "0.1",
        ])
        .args(["--ramp-up", "4s", "--duration", "6s", "--json"])
        .arg(&file)
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let summary = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{output:?}"));
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();

    // How fast it is depends on the machine; that nothing fails does not.
    assert_eq!(summary["thresholds"][0]["outcome"], "pass", "{report}");
    assert_eq!(summary["total"]["failed"], 0, "{report}");
    let rows = summary["rows"].as_array().unwrap();
    let registered = rows.iter().find(|row| row["name"] == "POST /auth/register");
    assert_eq!(
        registered.unwrap()["ok"],
        18,
        "10 editors and 8 authors\n{report}"
    );
    assert_eq!(
        (real.users_count(), real.posts_count()),
        (18, 0),
        "{report}"
    );
}

/// The first line in which two outlines differ.
fn difference(real: &[String], demo: &[String]) -> Option<String> {
    (0..real.len().max(demo.len()))
        .map(|line| (real.get(line), demo.get(line)))
        .find(|(real, demo)| real != demo)
        .map(|(real, demo)| format!("real: {real:?}\ndemo: {demo:?}"))
}

/// The newest three titles, if they were all written in the same second.
fn three_in_a_second(browser: &mut Browser) -> Option<Vec<String>> {
    let second = next_second();
    for title in ["first", "second", "third"] {
        browser.post("/create", &[("title", title), ("body", "")]);
    }
    let page = browser.get("/").body;
    if unix().as_secs() != second {
        return None;
    }
    let article = scraper::Selector::parse("article h1").unwrap();
    let page = scraper::Html::parse_document(&page);
    let titles = page.select(&article).take(3);
    Some(titles.map(|title| title.inner_html()).collect())
}

/// Everything that can be asked, and what was answered.
fn conversation(address: SocketAddr) -> Vec<(String, Answer)> {
    let mut talk = Talk {
        ann: Browser::of(address),
        bob: Browser::of(address),
        heard: Vec::new(),
    };
    talk.register_and_log_in();
    talk.write();
    talk.change();
    talk.delete();
    talk.leave();
    talk.go_astray();
    // Kept alive throughout: the length of every answer was as announced.
    assert_eq!((talk.ann.connects, talk.bob.connects), (1, 1));
    talk.heard
}

struct Talk {
    ann: Browser,
    bob: Browser,
    heard: Vec<(String, Answer)>,
}

/// A user's name and password.
type Account<'a> = (&'a str, &'a str);

impl Talk {
    fn register_and_log_in(&mut self) {
        const ACCOUNTS: [Account<'_>; 10] = [
            ("ann", "a"),
            ("ann", "other"),
            ("", "a"),
            ("x", ""),
            ("", ""),
            ("bob", "b"),
            ("<i>o'hara</i> \"&\" żółw", "c"),
            ("<i>o'hara</i> \"&\" żółw", "c"),
            ("Ann", ""),
            ("ann ", ""),
        ];
        self.get("/");
        self.get("/auth/register");
        for (username, password) in ACCOUNTS {
            self.post(
                "/auth/register",
                &[("username", username), ("password", password)],
            );
        }
        self.post("/auth/register", &[("username", "ann")]);
        self.post("/auth/register", &[("password", "ann")]);

        self.get("/create");
        self.post("/create", &[("title", "t"), ("body", "b")]);
        self.post("/1/update", &[("title", "t"), ("body", "b")]);
        self.post("/1/delete", &[]);

        self.get("/auth/login");
        self.post("/auth/login", &[("username", "nobody"), ("password", "a")]);
        self.post("/auth/login", &[("username", "ann"), ("password", "b")]);
        self.post("/auth/login", &[("username", ""), ("password", "")]);
        self.post("/auth/login", &[("username", "ann")]);
        self.post("/auth/login", &[("username", "ann"), ("password", "a")]);
        self.get("/");
        // None of these ends the session.
        self.post("/auth/login", &[("username", "ann"), ("password", "b")]);
        self.post("/auth/register", &[("username", "ann"), ("password", "a")]);
        self.get("/auth/login");
        self.get("/auth/register");
        self.get("/create");
        // The names of posts are no part of the session.
        let answer = self
            .bob
            .post("/auth/login", &[("username", "bob"), ("password", "b")]);
        self.heard.push(("bob logs in".to_owned(), answer));
    }

    fn write(&mut self) {
        self.post("/create", &[("title", ""), ("body", "kept\r\n <body> ")]);
        self.post("/create", &[("title", "only a title")]);
        self.post("/create", &[("body", "only a body")]);
        self.post("/create", &[("title", "  "), ("body", "  x\r\n\r\n y ")]);
        self.get("/");
        // The list is sorted by the second.
        next_second();
        let fields = [
            ("title", "<b>\"it's\" /1/update & żółw</b>"),
            ("body", "{{ 1 + 1 }} </textarea> &amp; 'quoted'"),
            ("title", "a second title"),
        ];
        self.post("/create", &fields);
        self.get("/");
        next_second();
        let answer = self
            .bob
            .post("/create", &[("title", "bob's"), ("body", "")]);
        self.heard.push(("bob writes".to_owned(), answer));
        self.get("/");
    }

    fn change(&mut self) {
        self.get("/1/update");
        self.get("/2/update");
        self.get("/0002/update");
        self.get("/3/update");
        self.post("/3/update", &[("title", "stolen"), ("body", "")]);
        self.post("/3/update", &[]);
        self.get("/4/update");
        self.get("/0/update");
        self.get("/04/update");
        self.post("/4/update", &[]);
        self.get("/9223372036854775807/update");
        self.get("/9223372036854775808/update");
        self.get("/99999999999999999999999/update");
        self.get("/-1/update");
        self.get("/x/update");
        self.post("/2/update", &[("title", ""), ("body", "typed")]);
        self.post("/2/update", &[("title", ""), ("body", "")]);
        self.post("/2/update", &[("title", "no body")]);
        self.post("/2/update", &[("title", "changed"), ("body", "")]);
        self.get("/");
        self.get("/2/update");
    }

    fn delete(&mut self) {
        self.get("/1/delete");
        self.post("/3/delete", &[]);
        self.post("/4/delete", &[]);
        self.post("/x/delete", &[]);
        self.post("/1/delete", &[]);
        self.post("/1/delete", &[]);
        self.get("/1/update");
        self.get("/");
    }

    fn leave(&mut self) {
        let session = self.ann.session.clone();
        self.get("/auth/logout");
        self.get("/");
        self.get("/auth/logout");
        self.post("/create", &[("title", "anonymous"), ("body", "")]);
        self.post("/auth/login", &[("username", "nobody"), ("password", "")]);
        // Who kept a copy of the cookie is still logged in.
        self.ann.session = session;
        self.get("/create");
        for rubbish in ["rubbish", "1.00", "", "99.0"] {
            self.ann.session = Some(rubbish.to_owned());
            self.get("/");
        }
        self.ann.session = None;
    }

    fn go_astray(&mut self) {
        for path in [
            "/nowhere",
            "/auth",
            "/auth/",
            "/auth/login/",
            "/static/nothing",
            "/2",
            "/2/",
            "/2/update/",
            "/hello",
            "/?page=2",
            "/create?title=x",
        ] {
            self.get(path);
        }
        for method in ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST"] {
            for path in ["/", "/hello", "/auth/logout", "/create", "/2/delete", "/x"] {
                self.ask(method, path, &[], "");
            }
        }
        let json = [("Content-Type", "application/json")];
        self.ask("POST", "/auth/login", &json, "{}");
        let latin = [(
            "Content-Type",
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        )];
        self.ask("POST", "/auth/login", &latin, "username=ann&password=%61");
        self.ask("POST", "/create", &latin, "title=+%2b%20=&body=%zz%&&=");
        self.get("/");
        self.post("/4/delete", &[]);
        // Our style sheet is not theirs, so only its head is alike.
        let style = self.ann.ask("HEAD", "/static/style.css", &[], "");
        let tag = style.header("etag").expect("a tag").to_owned();
        self.heard.push(("the style sheet".to_owned(), style));
        let known = [("If-None-Match", tag.as_str())];
        self.ask("GET", "/static/style.css", &known, "");
    }

    fn get(&mut self, path: &str) {
        self.ask("GET", path, &[], "");
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) {
        let answer = self.ann.post(path, fields);
        let what = format!("{}. POST {path} {fields:?}", self.heard.len() + 1);
        self.heard.push((what, answer));
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) {
        let answer = self.ann.ask(method, path, headers, body);
        let what = format!("{}. {method} {path} {body}", self.heard.len() + 1);
        self.heard.push((what, answer));
    }
}

/// Waits until a second has begun, and tells which. The real one's clock is real;
/// the demo counts from its start and may be some milliseconds apart.
fn next_second() -> u64 {
    let now = unix();
    let next = now.as_secs() + 1;
    thread::sleep(Duration::from_secs(next) - now + Duration::from_millis(50));
    next
}

fn unix() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap()
}
