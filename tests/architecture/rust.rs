//! As much of Rust as the rules need: which paths a file names, where.

/// One source file without its tests.
#[derive(Clone)]
pub struct File {
    /// From `src`: `plan/check/mod.rs`.
    pub path: String,
    /// How many lines belong to no test.
    pub lines: usize,
    /// Where modules under `#[cfg(test)]` may have their files.
    pub test_files: Vec<String>,
    tokens: Vec<Token>,
}

/// A path as it is meant: `self`, `super` and groups resolved.
pub struct Named {
    /// Begins with `crate`, or with whatever is written.
    pub segments: Vec<String>,
    pub line: usize,
}

#[derive(Clone)]
struct Token {
    text: String,
    line: usize,
}

impl File {
    /// Reads the file at `path`, which is told from `src`.
    pub fn new(path: &str, text: &str) -> File {
        const TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
        let mut file = File {
            path: path.to_owned(),
            lines: text.lines().count(),
            test_files: Vec::new(),
            tokens: Vec::new(),
        };
        let tokens = tokens(text);
        let mut rest = tokens.as_slice();
        while let [first, others @ ..] = rest {
            if !starts_with(rest, &TESTS) {
                file.tokens.push(first.clone());
                rest = others;
                continue;
            }
            let (item, after) = rest.split_at(item_length(rest));
            if let [name, end] = &item[item.len() - 2..]
                && end.text == ";"
                && starts_with(&item[item.len() - 3..], &["mod"])
            {
                file.test_files = file.files_of(&name.text);
            }
            let last = item.last().map_or(first.line, |last| last.line);
            file.lines = file.lines.saturating_sub(last - first.line + 1);
            rest = after;
        }
        file
    }

    /// The first part of its path: `plan`, `main`.
    pub fn room(&self) -> &str {
        self.stem().split('/').next().unwrap()
    }

    /// Whether it is one of the listed places, or in one.
    pub fn is_in(&self, places: &str) -> bool {
        places.split_whitespace().any(|place| {
            let rest = self.stem().strip_prefix(place);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether it has a module of its own by that name.
    pub fn declares(&self, module: &str) -> bool {
        self.tokens
            .windows(2)
            .any(|pair| pair[0].text == "mod" && pair[1].text == module)
    }

    /// The lines in which a word stands.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let found = self.tokens.iter().filter(|token| token.text == word);
        found.map(|token| token.line).collect()
    }

    /// Every path with `::` in it, and everything under `use`.
    pub fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        // Inline modules that are open, with the number of braces around each.
        let mut inline: Vec<(usize, String)> = Vec::new();
        let mut braces = 0;
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let rest = &self.tokens[at + 1..];
            at += 1;
            match token.text.as_str() {
                "{" => braces += 1,
                "}" => {
                    braces -= 1;
                    inline.pop_if(|(around, _)| *around == braces);
                }
                "mod" if rest.get(1).is_some_and(|token| token.text == "{") => {
                    inline.push((braces, rest[0].text.clone()));
                }
                "use" => at += read_tree(rest, &[], &self.module(&inline), &mut found),
                name if is_name(name) && starts_with(rest, &["::"]) => {
                    let whole = &self.tokens[at - 1..];
                    at += read_tree(whole, &[], &self.module(&inline), &mut found) - 1;
                }
                _ => {}
            }
        }
        found
    }

    fn stem(&self) -> &str {
        self.path.trim_end_matches(".rs")
    }

    /// Names of the modules from the crate's root to a place in this file.
    fn module(&self, inline: &[(usize, String)]) -> Vec<String> {
        let mut module: Vec<_> = self.stem().split('/').map(str::to_owned).collect();
        if matches!(
            module.last().map(String::as_str),
            Some("mod" | "lib" | "main")
        ) {
            module.pop();
        }
        module.extend(inline.iter().map(|(_, name)| name.clone()));
        module
    }

    /// The files that `mod NAME;` may mean here.
    fn files_of(&self, name: &str) -> Vec<String> {
        let mut folder = self.module(&[]);
        folder.push(name.to_owned());
        let stem = folder.join("/");
        vec![format!("{stem}.rs"), format!("{stem}/mod.rs")]
    }
}

/// Reads a path, or a tree of them as under `use`; returns how many tokens it has.
fn read_tree(
    tokens: &[Token],
    before: &[String],
    module: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let mut segments = before.to_vec();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "::" => {}
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at += read_tree(&tokens[at..], &segments, module, found).max(1);
                }
                return at + 1;
            }
            name if is_name(name) || name == "*" => {
                segments.push(name.to_owned());
                if !starts_with(&tokens[at + 1..], &["::"]) {
                    at += 1;
                    break;
                }
            }
            _ => break,
        }
        at += 1;
    }
    if segments.len() > before.len() {
        found.push(Named {
            segments: resolved(&segments, module),
            line: tokens[at - 1].line,
        });
    }
    at
}

/// Without leading `self` and `super`: from `crate` on.
fn resolved(segments: &[String], module: &[String]) -> Vec<String> {
    let mut from = module.to_vec();
    let mut rest = segments;
    while let [first, others @ ..] = rest
        && ["self", "super"].contains(&first.as_str())
    {
        if first == "super" {
            from.pop();
        }
        rest = others;
    }
    if rest.len() == segments.len() {
        return rest.to_vec();
    }
    [vec!["crate".to_owned()], from, rest.to_vec()].concat()
}

/// How many tokens an item has that begins with an attribute.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0;
    let mut is_import = false;
    for (at, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "use" if depth == 0 => is_import = true,
            _ => {}
        }
        // Imports have braces too, and end only with their semicolon.
        let ends = token.text == ";" || (token.text == "}" && !is_import);
        if ends && depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn starts_with(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len()
        && tokens
            .iter()
            .zip(texts)
            .all(|(token, text)| token.text == *text)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text != "as"
}

/// Names, `::`, and single characters. Comments and literals are left out.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let literal = literal_length(rest);
        let length = literal.unwrap_or_else(|| {
            let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            match name.unwrap_or(rest.len()) {
                0 if rest.starts_with("::") => 2,
                0 => first.len_utf8(),
                length => length,
            }
        });
        let (token, after) = rest.split_at(length);
        if literal.is_none() && !first.is_whitespace() {
            tokens.push(Token {
                text: token.to_owned(),
                line,
            });
        }
        line += token.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The length of the comment or literal that `rest` begins with.
fn literal_length(rest: &str) -> Option<usize> {
    let until = |from: usize, end: &str| {
        let found = rest[from..].find(end);
        found.map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return Some(until(2, "\n"));
    }
    if rest.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    let letters = usize::from(rest.starts_with(['b', 'c']));
    if let Some(raw) = rest[letters..].strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let from = letters + 1 + hashes + 1;
            return Some(until(from, &format!("\"{}", "#".repeat(hashes))));
        }
    }
    if rest[letters..].starts_with('"') {
        return Some(quoted(rest, letters + 1, '"'));
    }
    // A lifetime has no second quote right behind its first character.
    let inside = rest[letters..].strip_prefix('\'')?;
    let is_character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
    is_character.then(|| quoted(rest, letters + 1, '\''))
}

/// The length up to the closing quote of what is inside from `from` on.
fn quoted(rest: &str, from: usize, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest[from..].char_indices() {
        if c == quote && !escaped {
            return from + at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}
