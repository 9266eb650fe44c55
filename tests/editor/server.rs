//! A language server, spoken to as an editor speaks to it.

use std::{
    env,
    io::{BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Far more than it needs; who waits longer waits for nothing.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    asked: u64,
    /// The last document opened.
    uri: String,
}

impl Server {
    /// Starts it in the folder of the repository, if it is installed: `tests/run`
    /// sees to that and says where in `PLAN_EDITOR`.
    pub fn start() -> Option<Server> {
        let Some(home) = env::var_os("PLAN_EDITOR") else {
            eprintln!("skipped: PLAN_EDITOR is not set; tests/run installs the language server");
            return None;
        };
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join(home);
        let mut child = Command::new(home.join("node/bin/node"))
            .arg(home.join("node_modules/yaml-language-server/bin/yaml-language-server"))
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the language server starts");
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut stdout = stdout;
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut server = Server {
            child,
            stdin,
            messages,
            asked: 0,
            uri: String::new(),
        };
        let root = uri(Path::new("."));
        server.ask(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": root,
                "capabilities": { "textDocument": { "hover": { "contentFormat": ["markdown"] } } },
            }),
        );
        server.tell("initialized", &json!({}));
        Some(server)
    }

    /// Opens a document beside the plans; what the editor underlines in it.
    pub fn open(&mut self, name: &str, text: &str) -> Vec<String> {
        self.uri = uri(&Path::new("plans").join(name));
        let document = json!({ "uri": self.uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        let uri = self.uri.clone();
        let told = self.wait_for(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri.as_str()
        });
        let diagnostics = told["params"]["diagnostics"].as_array().unwrap();
        let message = |found: &Value| found["message"].as_str().unwrap().to_owned();
        diagnostics.iter().map(message).collect()
    }

    /// What is shown over the first place of a word.
    pub fn hover(&mut self, text: &str, word: &str) -> String {
        let at = text.find(&format!("{word}:")).unwrap();
        let position = position(text, at + 1);
        let asked = json!({ "textDocument": { "uri": self.uri }, "position": position });
        let shown = self.ask("textDocument/hover", &asked);
        shown["contents"]["value"].as_str().unwrap_or("").to_owned()
    }

    /// What is offered at the end of a line.
    pub fn complete(&mut self, text: &str, line: &str) -> Vec<String> {
        let at = text.find(line).unwrap() + line.trim_end().len();
        let position = position(text, at);
        let asked = json!({ "textDocument": { "uri": self.uri }, "position": position });
        let offered = self.ask("textDocument/completion", &asked);
        let label = |item: &Value| item["label"].as_str().unwrap().to_owned();
        offered["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(label)
            .collect()
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let answer = self.wait_for(|message| message["id"] == id && message["method"].is_null());
        assert_eq!(answer["error"], Value::Null, "{method}");
        answer["result"].clone()
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.stdin.flush().unwrap();
    }

    /// The next message of a kind. What the server asks meanwhile has no answer
    /// but that there is nothing.
    fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self
                .messages
                .recv_timeout(PATIENCE)
                .expect("the language server answers");
            if wanted(&message) {
                return message;
            }
            if !message["method"].is_null() && !message["id"].is_null() {
                let items = message["params"]["items"].as_array().map_or(0, Vec::len);
                let nothing = match message["method"] == "workspace/configuration" {
                    true => json!(vec![Value::Null; items]),
                    false => Value::Null,
                };
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": nothing }));
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    let whole: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    url::Url::from_file_path(whole).unwrap().into()
}

fn position(text: &str, at: usize) -> Value {
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

fn read(from: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(bytes) = header.strip_prefix("Content-Length: ") {
                    length = bytes.parse().ok();
                }
            }
        }
    }
    let mut body = vec![0; length?];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
