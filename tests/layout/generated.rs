//! Plans that nobody would write, laid out as nobody would: one for each seed.

/// A value of a plan, before it is spelled.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    /// Never in quotes: numbers and truth values.
    Word(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// A small generator: the same seed makes the same plan.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }
}

/// Texts that a reader might take for something else.
const TEXTS: [&str; 26] = [
    "plain",
    "two words",
    "it's",
    "say \"x\"",
    "a: b",
    "a #b",
    "# no",
    "- x",
    "{{ vars_a }}",
    "title {{ iteration }}",
    "[a",
    "*a",
    "&a",
    "007",
    "true",
    "~",
    "12:30",
    "\\d+",
    "a\nb\n",
    "one two three four five six seven eight nine ten eleven twelve",
    "ŁuczniczQA \u{1F3F9}",
    "a, b",
    "x}",
    "trailing ",
    "%",
    "a\tb",
];

fn text(random: &mut Random) -> Value {
    Value::Text(random.pick(&TEXTS).to_owned())
}

fn word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

fn plain(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn literal(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 2 { 4 } else { 7 }) {
        0 => word(random.pick(&["1", "-3", "1.5", "0", "1e300"])),
        1 => word(random.pick(&["true", "false"])),
        2 | 3 => text(random),
        4 => Value::List(
            (0..random.below(4))
                .map(|_| literal(random, depth + 1))
                .collect(),
        ),
        _ => {
            let names = ["a", "b c", "x-y", "d.e", "ü"];
            let many = random.below(names.len());
            let entries = names[..many].iter();
            Value::Map(
                entries
                    .map(|name| ((*name).to_owned(), literal(random, depth + 1)))
                    .collect(),
            )
        }
    }
}

fn step(random: &mut Random) -> Value {
    let mut entries = match random.below(8) {
        0 => return plain("other"),
        1 => return map([("wait", plain("1s..2s"))]),
        2 => vec![("log".to_owned(), plain("hello {{ iteration }}"))],
        3 => vec![("set".to_owned(), map([("mood", literal(random, 0))]))],
        4 => vec![
            ("post".to_owned(), plain("/create")),
            ("json".to_owned(), literal(random, 0)),
        ],
        6 => vec![
            ("repeat".to_owned(), word("2")),
            ("do".to_owned(), steps(random)),
        ],
        5 => vec![
            ("post".to_owned(), plain("/a/{{ vars_a }}")),
            (
                "form".to_owned(),
                map([("title", text(random)), ("pin", text(random))]),
            ),
        ],
        _ => vec![
            ("get".to_owned(), plain("/")),
            (
                "extract".to_owned(),
                map([(
                    "found",
                    map([
                        ("css", plain("article.post a[href$=\"/update\"]")),
                        ("regex", plain("^/(\\d+)/it's$")),
                        ("pick", plain("all")),
                    ]),
                )]),
            ),
            (
                "expect".to_owned(),
                map([("absent", plain("none")), ("status", plain("2xx"))]),
            ),
        ],
    };
    if random.one_in(3) {
        entries.push((
            "when".to_owned(),
            plain(random.pick(&["iteration > 1", "true", "1"])),
        ));
    }
    Value::Map(entries)
}

fn steps(random: &mut Random) -> Value {
    Value::List((0..1 + random.below(4)).map(|_| step(random)).collect())
}

/// A plan without a mistake.
pub fn plan(random: &mut Random) -> Value {
    let mut entries = vec![
        ("plan".to_owned(), word("1")),
        ("name".to_owned(), text(random)),
        (
            "vars".to_owned(),
            map([
                ("vars_a", literal(random, 0)),
                ("vars_b", literal(random, 0)),
            ]),
        ),
        (
            "users".to_owned(),
            map([(
                "visitor",
                map([
                    ("wait", plain("5s..10s")),
                    ("weight", word("3")),
                    ("on_start", steps(random)),
                    ("tasks", map([("one", word("3")), ("two", word("1"))])),
                ]),
            )]),
        ),
        (
            "tasks".to_owned(),
            map([
                ("one", steps(random)),
                (
                    "two",
                    map([
                        ("params", Value::List(vec![plain("p")])),
                        ("steps", steps(random)),
                    ]),
                ),
                ("other", steps(random)),
            ]),
        ),
        (
            "load".to_owned(),
            map([("users", word("3")), ("duration", plain("10s"))]),
        ),
        (
            "thresholds".to_owned(),
            Value::List(vec![plain("errors < 1%"), plain("p95 of \"GET /\" < 1s")]),
        ),
    ];
    if random.one_in(3) {
        entries.swap(2, 6);
    }
    Value::Map(entries)
}

/// A plan, with comments wherever they may stand.
pub fn yaml(random: &mut Random) -> String {
    let plan = plan(random);
    let mut writer = Yaml {
        out: String::new(),
        notes: 0,
        random,
        after_block: false,
    };
    writer.lines_between(0);
    let Value::Map(entries) = &plan else {
        unreachable!("it is one");
    };
    writer.map(entries, 0, "");
    writer.lines_between(0);
    if writer.random.one_in(8) {
        writer.out = writer.out.trim_end().to_owned();
    }
    if writer.random.one_in(12) {
        writer.out = writer.out.replace('\n', "\r\n");
    }
    writer.out
}

struct Yaml<'r> {
    out: String,
    notes: usize,
    random: &'r mut Random,
    /// A comment in the next line has to stand at its beginning.
    after_block: bool,
}

impl Yaml<'_> {
    fn note(&mut self) -> String {
        self.notes += 1;
        let word = self
            .random
            .pick(&["", " what: it's", " - [", " ü \"", "   "]);
        format!("# note {}{word}", self.notes)
    }

    /// Empty lines and comments before an entry.
    fn lines_between(&mut self, indent: usize) {
        for _ in 0..2 {
            match self.random.below(8) {
                0 => self.out.push('\n'),
                1 => self.out.push_str("\n  \n"),
                2 if self.after_block => self.comment_line(0),
                2 => self.comment_line(indent),
                3 if !self.after_block => {
                    let column = self.random.below(12);
                    self.comment_line(column);
                }
                _ => {}
            }
        }
        self.after_block = false;
    }

    fn comment_line(&mut self, column: usize) {
        let note = self.note();
        self.out
            .push_str(&format!("{}{note}\n", " ".repeat(column)));
    }

    /// Ends a line, perhaps with a comment behind it.
    fn end(&mut self) {
        if self.random.one_in(5) {
            let spaces = 1 + self.random.below(9);
            let note = self.note();
            self.out.push_str(&" ".repeat(spaces));
            self.out.push_str(&note);
        } else if self.random.one_in(9) {
            self.out.push(' ');
        }
        self.out.push('\n');
    }

    /// `begun` is what stands on the line of the first entry.
    fn map(&mut self, entries: &[(String, Value)], indent: usize, begun: &str) {
        for (at, (key, value)) in entries.iter().enumerate() {
            if at == 0 && !begun.is_empty() {
                self.out.push_str(begun);
            } else {
                self.lines_between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            let key = self.key(key);
            self.out.push_str(&key);
            self.out.push(':');
            self.value(value, indent, true);
        }
    }

    fn list(&mut self, items: &[Value], indent: usize, begun: &str) {
        for (at, item) in items.iter().enumerate() {
            if at == 0 && !begun.is_empty() {
                self.out.push_str(begun);
            } else {
                self.lines_between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push('-');
            self.value(item, indent, false);
        }
    }

    /// What stands behind a key or a dash.
    fn value(&mut self, value: &Value, indent: usize, is_keyed: bool) {
        let is_flow = self.random.one_in(3);
        let inner = indent + 1 + self.random.below(4);
        match value {
            Value::Map(entries) if !is_flow && !entries.is_empty() => {
                if is_keyed || self.random.one_in(4) {
                    self.end();
                    self.map(entries, inner, "");
                } else {
                    let inner = inner.max(indent + 2);
                    let begun = " ".repeat(inner - indent - 1);
                    self.map(entries, inner, &begun);
                }
            }
            Value::List(items) if !is_flow && !items.is_empty() => {
                let inner = if is_keyed && self.random.one_in(2) {
                    indent
                } else {
                    inner
                };
                if is_keyed || self.random.one_in(2) {
                    self.end();
                    self.list(items, inner, "");
                } else {
                    let inner = inner.max(indent + 2);
                    let begun = " ".repeat(inner - indent - 1);
                    self.list(items, inner, &begun);
                }
            }
            Value::Text(text) if text.contains('\n') && self.random.one_in(2) => {
                self.out.push_str(" |");
                self.end();
                for line in text.lines() {
                    self.out.push_str(&format!("{}{line}\n", " ".repeat(inner)));
                }
                self.after_block = true;
            }
            Value::Map(_) | Value::List(_) | Value::Text(_) | Value::Word(_) => {
                if is_keyed && self.random.one_in(12) {
                    self.end();
                    self.out.push_str(&" ".repeat(inner));
                } else {
                    let spaces = 1 + self.random.below(2) * self.random.below(3);
                    self.out.push_str(&" ".repeat(spaces));
                }
                self.flow(value, inner, false);
                self.end();
            }
        }
    }

    /// Within brackets, lines may end anywhere.
    fn flow(&mut self, value: &Value, indent: usize, is_inside: bool) {
        match value {
            Value::Word(word) => self.out.push_str(word),
            Value::Text(text) => {
                let spelled = self.scalar(text, indent, is_inside);
                self.out.push_str(&spelled);
            }
            Value::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.gap(indent);
                    self.flow(item, indent, true);
                }
                if self.random.one_in(6) && !items.is_empty() {
                    self.out.push(',');
                }
                self.gap(indent);
                self.out.push(']');
            }
            Value::Map(entries) => {
                self.out.push('{');
                for (at, (key, item)) in entries.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.gap(indent);
                    let key = self.key(key);
                    self.out.push_str(&key);
                    self.out.push_str(": ");
                    self.flow(item, indent, true);
                }
                self.gap(indent);
                self.out.push('}');
            }
        }
    }

    fn gap(&mut self, indent: usize) {
        match self.random.below(20) {
            0 => {
                self.end();
                self.out.push_str(&" ".repeat(indent));
            }
            1 => {
                self.end();
                self.comment_line(indent + 1);
                self.out.push_str(&" ".repeat(indent));
            }
            2..12 => self.out.push(' '),
            _ => {}
        }
    }

    fn key(&mut self, key: &str) -> String {
        match self.random.below(9) {
            0 => format!("'{key}'"),
            1 => format!("\"{key}\""),
            _ => key.to_owned(),
        }
    }

    fn scalar(&mut self, text: &str, indent: usize, is_inside: bool) -> String {
        let is_safe = |sign: char| sign.is_alphanumeric() || "/._ ".contains(sign);
        let is_word = text.starts_with(|sign: char| sign.is_alphabetic() || sign == '/')
            && text.chars().all(is_safe)
            && text.trim() == text
            && !["true", "none"].contains(&text);
        let controls = text.chars().any(char::is_control);
        let broken = format!("\n{}", " ".repeat(indent + 1));
        match self.random.below(4) {
            0 if is_word && !is_inside && self.random.one_in(2) => text.replacen(' ', &broken, 1),
            0 | 1 if is_word => text.to_owned(),
            0..3 if !controls => format!("'{}'", text.replace('\'', "''")),
            3 if !text.ends_with(' ') && !controls => {
                let spelled = serde_json::Value::from(text).to_string();
                if self.random.one_in(3) {
                    spelled.replacen(' ', &broken, 1)
                } else {
                    spelled
                }
            }
            _ => serde_json::Value::from(text).to_string(),
        }
    }
}

/// The same in TOML.
pub fn toml(random: &mut Random) -> String {
    let Value::Map(entries) = plan(random) else {
        unreachable!("it is one");
    };
    let mut writer = Toml {
        out: String::new(),
        notes: 0,
        random,
    };
    let (tables, keys): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|(key, _)| ["users", "tasks", "load", "vars"].contains(&key.as_str()));
    for (key, value) in &keys {
        writer.pair(key, value);
    }
    for (name, table) in &tables {
        let Value::Map(entries) = table else {
            unreachable!("these are mappings");
        };
        match name.as_str() {
            "users" => writer.table("users . visitor", &entries[0].1),
            "tasks" if writer.random.one_in(2) => {
                for (task, steps) in entries {
                    writer.task(task, steps);
                }
            }
            _ => writer.table(name, table),
        }
    }
    writer.out
}

struct Toml<'r> {
    out: String,
    notes: usize,
    random: &'r mut Random,
}

impl Toml<'_> {
    fn task(&mut self, task: &str, steps: &Value) {
        match steps {
            Value::List(steps) if steps.iter().all(|step| matches!(step, Value::Map(_))) => {
                for step in steps {
                    self.lines_between();
                    self.out.push_str(&format!("[[ tasks.{task}]]"));
                    self.end();
                    self.pairs(step);
                }
            }
            Value::List(_) => {
                self.lines_between();
                self.out.push_str(&format!("[tasks.{task}]\n"));
                self.pair("steps", steps);
            }
            Value::Map(_) | Value::Text(_) | Value::Word(_) => {
                self.table(&format!("tasks.{task}"), steps);
            }
        }
    }

    fn table(&mut self, name: &str, table: &Value) {
        self.lines_between();
        self.out.push_str(&format!("[{name} ]"));
        self.end();
        self.pairs(table);
    }

    fn pairs(&mut self, table: &Value) {
        let Value::Map(entries) = table else {
            unreachable!("only mappings come here");
        };
        for (key, value) in entries {
            self.pair(key, value);
        }
    }

    fn pair(&mut self, key: &str, value: &Value) {
        self.lines_between();
        let key = self.key(key);
        let indent = " ".repeat(self.random.below(3));
        let around = " ".repeat(self.random.below(3));
        self.out
            .push_str(&format!("{indent}{key}{around}={around}"));
        self.value(value);
        self.end();
    }

    fn key(&mut self, key: &str) -> String {
        let is_bare = key
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "_-".contains(sign));
        match self.random.below(4) {
            0 | 1 if is_bare => key.to_owned(),
            2 => format!("'{key}'"),
            _ => format!("\"{key}\""),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Word(word) => self.out.push_str(word),
            Value::Text(text) => {
                let is_plain = !text.contains(['\'', '\n', '\t']);
                let spelled = match self.random.below(3) {
                    0 if is_plain => format!("'{text}'"),
                    1 if is_plain => format!("'''\n{text}'''"),
                    _ => serde_json::Value::from(text.as_str()).to_string(),
                };
                self.out.push_str(&spelled);
            }
            Value::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.gap();
                    self.value(item);
                    self.gap();
                }
                if !items.is_empty() && self.random.one_in(3) {
                    self.out.push(',');
                }
                self.gap();
                self.out.push(']');
            }
            Value::Map(entries) => {
                self.out.push('{');
                for (at, (key, item)) in entries.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.gap();
                    let key = self.key(key);
                    self.out.push_str(&format!("{key}="));
                    self.value(item);
                    self.gap();
                }
                self.out.push('}');
            }
        }
    }

    fn gap(&mut self) {
        match self.random.below(20) {
            0 => self.end(),
            1 => {
                self.end();
                self.lines_between();
            }
            2..12 => self.out.push(' '),
            _ => {}
        }
    }

    fn lines_between(&mut self) {
        for _ in 0..2 {
            match self.random.below(8) {
                0 => self.out.push('\n'),
                1 => self.out.push_str(" \n\t\n"),
                2 => {
                    self.notes += 1;
                    self.out
                        .push_str(&format!("   # note {} = '\n", self.notes));
                }
                _ => {}
            }
        }
    }

    fn end(&mut self) {
        if self.random.one_in(5) {
            self.notes += 1;
            let spaces = " ".repeat(self.random.below(9));
            self.out
                .push_str(&format!("{spaces}# note {} ]  ", self.notes));
        }
        self.out.push('\n');
    }
}
