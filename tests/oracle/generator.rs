//! Values, and their texts in all the styles that YAML has for them.

use std::collections::BTreeMap;

/// What a document says, whatever its style.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Tree>),
    Map(BTreeMap<String, Tree>),
}

/// Texts that are texts without quotes, however much they look like more.
const PLAIN: &[&str] = &[
    "word",
    "two words",
    "no",
    "yes",
    "on",
    "off",
    "y",
    "1_000",
    "12:30",
    "1.2.3",
    "2024-01-01",
    "a-b",
    "x:y",
    "a#b",
    "-x",
    "?x",
    ":x",
    "5s..10s",
    "don't",
    "a\"b",
    "=",
    "nan",
    "inf",
    "tRUE",
    "0x",
    "0o8",
    "1e",
    "e3",
    "/path?a=b&c",
    "http://x/y#z",
    "p95 < 300ms",
    "é",
    "\u{1F3F9}",
    "*",
];

const SIGNS: &[&str] = &[
    "a",
    "b",
    " ",
    "'",
    "\"",
    "\\",
    ":",
    ": ",
    "#",
    " #",
    "{",
    "}",
    "{{ x }}",
    "[",
    "]",
    ",",
    "-",
    "*",
    "&",
    "!",
    "%",
    "@",
    "`",
    "~",
    "0",
    "é",
    "\u{1F3F9}",
    "\u{202e}",
    "\t",
    "\n",
    "null",
];

/// A small generator with a seed, so that a failure can be found again.
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

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// A few trees that share parts.
pub fn many(random: &mut Random, depth: usize) -> Vec<Tree> {
    let mut made = Vec::new();
    let count = 2 + random.below(5);
    (0..count).map(|_| tree(random, depth, &mut made)).collect()
}

/// A tree of some depth; parts of it come again, so that aliases have a use.
fn tree(random: &mut Random, depth: usize, made: &mut Vec<Tree>) -> Tree {
    if !made.is_empty() && random.chance(20) {
        return made[random.below(made.len())].clone();
    }
    let kind = if depth == 0 {
        random.below(7)
    } else {
        random.below(12)
    };
    let tree = match kind {
        0 => Tree::Null,
        1 => Tree::Bool(random.chance(50)),
        2 => Tree::Int(i64::try_from(random.below(2_000)).unwrap() - 1_000),
        3 => Tree::Float(f64::from(u32::try_from(random.below(8_000)).unwrap()) / 8.0 - 500.0),
        4 => Tree::Text(random.of(PLAIN).to_owned()),
        5 | 6 => {
            let length = random.below(8);
            Tree::Text((0..length).map(|_| random.of(SIGNS)).collect())
        }
        7..=8 => Tree::List(
            (0..random.below(4))
                .map(|_| tree(random, depth - 1, made))
                .collect(),
        ),
        _ => {
            let mut entries = BTreeMap::new();
            // Sometimes more of a mapping that there was, for `<<`.
            let earlier = made.iter().rev().find(|tree| matches!(tree, Tree::Map(_)));
            if let Some(Tree::Map(earlier)) = earlier
                && random.chance(40)
            {
                entries.clone_from(earlier);
            }
            for _ in 0..random.below(4) {
                let key = match random.chance(80) {
                    true => format!("key_{}", random.below(9)),
                    false => random.of(SIGNS).trim().to_owned() + "k",
                };
                entries.insert(key, tree(random, depth - 1, made));
            }
            Tree::Map(entries)
        }
    };
    made.push(tree.clone());
    tree
}

/// Writes a tree in styles drawn at random.
pub struct Writer<'r> {
    random: &'r mut Random,
    anchored: Vec<(String, Tree)>,
    pub text: String,
}

impl<'r> Writer<'r> {
    pub fn new(random: &'r mut Random) -> Writer<'r> {
        Writer {
            random,
            anchored: Vec::new(),
            text: String::new(),
        }
    }

    /// What stands behind a key's `:` or an item's `-`, with the end of its line.
    pub fn value(&mut self, tree: &Tree, indent: usize) {
        if let Some(alias) = self.alias(tree) {
            self.text.push_str(&format!(" {alias}"));
            return self.end_of_line();
        }
        let anchor = self.anchor();
        if let Some(name) = &anchor {
            self.text.push_str(&format!(" &{name}"));
        }
        match tree {
            Tree::List(items) if !items.is_empty() && self.random.chance(60) => {
                self.end_of_line();
                let indent =
                    indent + [0, 2, 4][self.random.below(3)].max(usize::from(indent == 0) * 2);
                for item in items {
                    self.text.push_str(&" ".repeat(indent));
                    self.text.push('-');
                    self.value(item, indent + 1);
                }
            }
            Tree::Map(entries) if !entries.is_empty() && self.random.chance(60) => {
                self.end_of_line();
                let indent = indent + 1 + self.random.below(4);
                self.entries(entries, indent);
            }
            Tree::Text(text) if is_block(text) && self.random.chance(30) => {
                self.block(text, indent);
            }
            Tree::Null
            | Tree::Bool(_)
            | Tree::Int(_)
            | Tree::Float(_)
            | Tree::Text(_)
            | Tree::List(_)
            | Tree::Map(_) => {
                let flow = self.flow(tree);
                self.text.push_str(&format!(" {flow}"));
                self.end_of_line();
            }
        }
        if let Some(name) = anchor {
            self.anchored.push((name, tree.clone()));
        }
    }

    fn entries(&mut self, entries: &BTreeMap<String, Tree>, indent: usize) {
        let merged = self.merge(entries);
        if let Some((name, _)) = &merged {
            self.text
                .push_str(&format!("{}<<: *{name}", " ".repeat(indent)));
            self.end_of_line();
        }
        for (key, value) in entries {
            if merged
                .as_ref()
                .is_some_and(|(_, earlier)| earlier.contains_key(key))
            {
                continue;
            }
            let key = self.key(key);
            self.text.push_str(&format!("{}{key}:", " ".repeat(indent)));
            self.value(value, indent);
        }
    }

    /// An anchored mapping whose entries are all among these, but not all of them.
    fn merge(
        &mut self,
        entries: &BTreeMap<String, Tree>,
    ) -> Option<(String, BTreeMap<String, Tree>)> {
        let part = self.anchored.iter().find_map(|(name, tree)| match tree {
            Tree::Map(earlier)
                if !earlier.is_empty()
                    && earlier.len() < entries.len()
                    && earlier
                        .iter()
                        .all(|(key, value)| entries.get(key) == Some(value)) =>
            {
                Some((name.clone(), earlier.clone()))
            }
            _ => None,
        });
        part.filter(|_| self.random.chance(80))
    }

    fn flow(&mut self, tree: &Tree) -> String {
        match tree {
            Tree::Null => self.random.of(&["null", "~", "Null", "NULL"]).to_owned(),
            Tree::Bool(true) => self.random.of(&["true", "True", "TRUE"]).to_owned(),
            Tree::Bool(false) => self.random.of(&["false", "False", "FALSE"]).to_owned(),
            Tree::Int(number) => match self.random.below(6) {
                0 if *number >= 0 => format!("0x{number:X}"),
                1 if *number >= 0 => format!("0o{number:o}"),
                2 if *number >= 0 => format!("+{number}"),
                _ => number.to_string(),
            },
            Tree::Float(number) => match self.random.below(3) {
                0 => format!("{number:e}")
                    .replace('e', "E+")
                    .replace("+-", "-")
                    .replacen(
                        "E",
                        ".0E",
                        usize::from(!format!("{number:e}").contains('.')),
                    ),
                _ => format!("{number:?}"),
            },
            Tree::Text(text) => self.scalar(text),
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.inner(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Tree::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.key(key), self.inner(value)))
                    .collect();
                match self.random.chance(50) {
                    true => format!("{{ {} }}", entries.join(", ")),
                    false => format!("{{{}}}", entries.join(" , ")),
                }
            }
        }
    }

    fn inner(&mut self, tree: &Tree) -> String {
        match self.alias(tree) {
            Some(alias) => format!("{alias} "),
            None => self.flow(tree),
        }
    }

    fn key(&mut self, key: &str) -> String {
        let is_word = key
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        match is_word && self.random.chance(80) {
            true => key.to_owned(),
            false => self.quoted(key),
        }
    }

    fn scalar(&mut self, text: &str) -> String {
        // Within brackets the signs of brackets would end it.
        let plain = PLAIN.contains(&text) && !text.contains(['*', '?']) && !text.starts_with(':');
        match plain && self.random.chance(70) {
            true => text.to_owned(),
            false => self.quoted(text),
        }
    }

    fn quoted(&mut self, text: &str) -> String {
        if !text.contains(['\n', '\u{202e}']) && self.random.chance(50) {
            return format!("'{}'", text.replace('\'', "''"));
        }
        let mut quoted = String::from("\"");
        for sign in text.chars() {
            match sign {
                '"' | '\\' => quoted.extend(['\\', sign]),
                '\n' => quoted.push_str("\\n"),
                '\t' if self.random.chance(50) => quoted.push_str("\\t"),
                ' ' if self.random.chance(10) => quoted.push_str("\\x20"),
                _ if self.random.chance(10) => {
                    quoted.push_str(&format!("\\U{:08x}", u32::from(sign)));
                }
                _ => quoted.push(sign),
            }
        }
        quoted.push('"');
        quoted
    }

    /// A text of lines as a block: `|` keeps its last line's end, `|-` has none.
    fn block(&mut self, text: &str, indent: usize) {
        let pad = " ".repeat(indent + 1 + self.random.below(3));
        let header = match (
            text.ends_with('\n'),
            text.trim_end_matches('\n').contains('\n'),
        ) {
            (true, _) => "|",
            (false, false) if self.random.chance(50) => ">-",
            (false, _) => "|-",
        };
        self.text.push_str(&format!(" {header}\n"));
        for line in text.lines() {
            self.text.push_str(&format!("{pad}{line}\n"));
        }
    }

    fn alias(&mut self, tree: &Tree) -> Option<String> {
        let name = self
            .anchored
            .iter()
            .find(|(_, earlier)| earlier == tree)?
            .0
            .clone();
        self.random.chance(70).then(|| format!("*{name}"))
    }

    fn anchor(&mut self) -> Option<String> {
        let number = self.text.len();
        self.random.chance(40).then(|| format!("a{number}"))
    }

    fn end_of_line(&mut self) {
        match self.random.below(10) {
            0 => self.text.push_str(" # a comment: { x"),
            1 => self.text.push_str("\n\n# another - one"),
            2 => self.text.push_str("  "),
            _ => {}
        }
        self.text.push('\n');
    }
}

/// Whether a text can be a block: lines that are not empty and begin with no blank.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    !body.is_empty()
        && body
            .split('\n')
            .all(|line| !line.is_empty() && line.trim() == line)
        && !body.contains('\u{202e}')
}
