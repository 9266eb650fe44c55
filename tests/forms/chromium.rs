//! What Chromium sends for a form, and what a plan sends for the same.
//!
//! Its answers are kept in `chromium.txt`; `UPDATE_CHROMIUM=1` writes them anew. What a
//! plan sends is compared with them everywhere; they themselves are compared with a real
//! Chromium where `PLAN_CHROMIUM` says where one is: `tests/run` sees to that.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc::{Sender, channel},
    thread,
    time::{Duration, Instant},
};

use plan::{protocol::scripted::Answer, source::MemoryLoader};
use tempfile::TempDir;

use super::{
    cases::{CASES, Case},
    wire::{Sent, failures, send_with},
};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms/chromium.txt");

/// How long it may take to start and to send all forms, on a busy machine.
const WITHIN: Duration = Duration::from_secs(120);

#[tokio::test(start_paused = true)]
async fn a_plan_sends_each_form_as_chromium_does() {
    let mut ours = String::new();
    for (index, case) in CASES.iter().enumerate() {
        let button = case
            .button
            .map_or(String::new(), |css| format!("\n  button: '{css}'"));
        let steps = format!(
            "- get: /case/{index}\n- submit: form\n  fields: {}{button}",
            case.fields
        );
        let content_type = format!("text/html; charset={}", case.charset);
        let page = page(case);
        let files = MemoryLoader::new()
            .with("text", "one\ntwo\r\nł")
            .with("x.png", "x")
            .with("empty", "");
        let (sent, record) = send_with(&steps, "", files, move |_| {
            Answer::new(200, page.clone()).header("content-type", content_type.clone())
        })
        .await;
        assert_eq!(failures(&record), [], "{}", case.name);
        ours.push_str(&shown(case, &sent[1]));
    }
    let recorded = fs::read_to_string(RECORDED).unwrap();
    assert_same(&recorded, &ours);
}

#[test]
fn chromium_still_sends_what_was_recorded() {
    let Some(program) = env::var_os("PLAN_CHROMIUM") else {
        eprintln!("skipped: PLAN_CHROMIUM is not set; tests/run installs Chromium");
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (heard, hears) = channel();
    thread::spawn(move || serve(&listener, &heard));
    let folder = TempDir::new().unwrap();
    let browser = Command::new(program)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
        .args([
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .arg("--remote-debugging-port=0")
        .arg(format!("http://{address}/"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Browser)
        .unwrap();

    let began = Instant::now();
    let mut sent: BTreeMap<usize, Sent> = BTreeMap::new();
    while sent.len() < CASES.len() {
        let left = WITHIN.saturating_sub(began.elapsed());
        let (case, form) = hears.recv_timeout(left).unwrap_or_else(|_| {
            let missing = (0..CASES.len()).filter(|case| !sent.contains_key(case));
            let missing: Vec<_> = missing.map(|case| CASES[case].name).collect();
            panic!("Chromium has not sent {missing:?}")
        });
        sent.insert(case, form);
    }
    drop(browser);
    let all = CASES.iter().zip(sent.values());
    let all: String = all.map(|(case, sent)| shown(case, sent)).collect();
    if env::var_os("UPDATE_CHROMIUM").is_some() {
        fs::write(RECORDED, all).unwrap();
        return;
    }
    assert_same(&all, &fs::read_to_string(RECORDED).unwrap());
}

/// It has children, which end with it.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One form as the record has it. Each field has a line of its own.
fn shown(case: &Case, sent: &Sent) -> String {
    let text = sent.text();
    let text = text.replace('&', "\n&").replace('\r', "\\r");
    let lines = text.trim_end_matches('\n').lines();
    let lines: String = lines.map(|line| format!("    {line}\n")).collect();
    format!("{}\n{lines}\n", case.name)
}

fn assert_same(chromium: &str, other: &str) {
    let differences: Vec<_> = chromium
        .lines()
        .zip(other.lines())
        .filter(|(one, two)| one != two)
        .collect();
    assert!(
        chromium == other,
        "{} against {} lines; Chromium's first: {differences:#?}",
        chromium.lines().count(),
        other.lines().count()
    );
}

/// What both get for a case.
fn page(case: &Case) -> String {
    let press = case.button.map_or_else(
        || {
            "const f = document.forms[0]; const b = [...f.elements, ...f.querySelectorAll('[type=image]')]
             .filter(e => ['submit', 'image'].includes(e.type) && !e.matches(':disabled'))
             .sort((a, b) => a.compareDocumentPosition(b) & 4 ? -1 : 1)[0];
             b ? b.click() : f.requestSubmit();"
                .to_owned()
        },
        |css| format!("document.querySelector('{css}').click();"),
    );
    format!(
        "<!doctype html><title>{}</title>{}<script>onload = () => {{ {} {{ {press} }} }}</script>",
        case.name, case.page, case.script
    )
}

/// Answers a browser: a page with a frame for each case, and what the forms are sent to.
fn serve(listener: &TcpListener, heard: &Sender<(usize, Sent)>) {
    for stream in listener.incoming().map_while(Result::ok) {
        let heard = heard.clone();
        thread::spawn(move || while answer(&stream, &heard).is_some() {});
    }
}

fn answer(mut stream: &TcpStream, heard: &Sender<(usize, Sent)>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|bytes| *bytes > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let mut found = lines.iter().filter_map(|line| line.split_once(": "));
        let found = found.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or(String::new(), |(_, value)| value.to_owned())
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let first = lines.first()?.strip_suffix(" HTTP/1.1")?;
    let (method, path) = first.split_once(' ')?;
    // A frame tells which it is by its address, and a form by the frame that it left.
    let case = |url: &str| url.split_once("/case/")?.1.parse::<usize>().ok();
    let (content_type, page) = match (case(path), case(&header("referer"))) {
        _ if path == "/" => {
            let frames = (0..CASES.len()).map(|case| format!("<iframe src=/case/{case}></iframe>"));
            ("text/html; charset=utf-8".to_owned(), frames.collect())
        }
        // What the page with the frames asks for.
        (Some(case), None) if method == "GET" => {
            let kind = format!("text/html; charset={}", CASES[case].charset);
            (kind, self::page(&CASES[case]))
        }
        (_, Some(case)) => {
            let sent = Sent {
                line: first.to_owned(),
                content_type: header("content-type"),
                body,
            };
            heard.send((case, sent)).ok()?;
            ("text/plain".to_owned(), "thank you".to_owned())
        }
        (_, None) => ("text/plain".to_owned(), String::new()),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nReferrer-Policy: unsafe-url\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    None
}
